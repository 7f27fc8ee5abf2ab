/* What the tests ask of a page in the browser. */
globalThis.probe = {
  pictures: ["map", "scatter", "stairs"],
  ids: (picture) => [...document.querySelectorAll(`#${picture} .item`)].map((node) => node.dataset.id),
  counts: () => [...probe.pictures.map((picture) => probe.ids(picture).length), document.querySelectorAll("#table tbody tr").length],
  rows: () => [...document.querySelectorAll("#table tbody tr button")].map((node) => node.dataset.id),
  selected: () => ({
    pictures: probe.pictures.map((picture) => [...document.querySelectorAll(`#${picture} .selected[aria-checked=true]`)].map((node) => node.dataset.id)),
    table: [...document.querySelectorAll("#table tr.selected button")].map((node) => node.dataset.id),
    details: document.querySelector("#details h2").textContent,
    reading: document.getElementById("reading").textContent,
  }),
  centre: (node) => {
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  },
  /* A point of the window at which an itinerary of a picture is not under another one. */
  point: (picture, id) => {
    const item = document.querySelector(`#${picture} [data-id="${id}"]`), line = item.querySelector(".hit");
    item.ownerSVGElement.scrollIntoView({ block: "center" });
    const at = (share) => {
      if (!line) return probe.centre(item.querySelector(".ring"));
      const point = line.getPointAtLength(line.getTotalLength() * share).matrixTransform(line.getScreenCTM());
      return [point.x, point.y];
    };
    for (let share = 0.02; share < 1; share += 0.02) if (item.contains(document.elementFromPoint(...at(share)))) return at(share);
    return null;
  },
  focused: () => {
    const node = document.activeElement;
    return `${node.closest("[id]")?.id} ${node.tagName.toLowerCase()} ${node.getAttribute("role") || ""}`.trim();
  },
  /* The strokes of the line of an itinerary on the map, each a list of points. */
  strokes: (id) => document.querySelector(`#map [data-id="${id}"] .line`).getAttribute("d").split("M").slice(1).map((stroke) => stroke.split("L")),
  view: () => document.querySelector("#map > g").getAttribute("transform"),
  outside: () => [...document.querySelectorAll("svg text")].filter((text) => {
    const box = text.getBoundingClientRect(), edge = text.ownerSVGElement.getBoundingClientRect();
    return box.left < edge.left - 2 || box.right > edge.right + 2 || box.top < edge.top - 2 || box.bottom > edge.bottom + 2;
  }).map((text) => text.textContent),
  /* The least contrast between a text and what it stands on, by WCAG. */
  contrast: () => {
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
    const ground = (node) => {
      const found = getComputedStyle(node).backgroundColor;
      return /, 0\)$/.test(found) ? ground(node.parentElement) : found;
    };
    return Math.min(...[...document.querySelectorAll("h1, h2, p, td, th, label, a, button, figcaption, summary, li")]
      .filter((node) => node.offsetParent).map((node) => {
        const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      }));
  },
  /* Pairs of labels of a picture that lie on each other. */
  overlaps: (picture) => {
    const texts = [...document.querySelectorAll(`#${picture} text.halo`)].map((text) => [text.textContent, text.getBBox()]);
    const meet = (one, two) => one.x < two.x + two.width - 1 && two.x < one.x + one.width - 1
      && one.y < two.y + two.height - 3 && two.y < one.y + one.height - 3;
    return texts.flatMap(([a, one], n) => texts.slice(n + 1).filter(([, two]) => meet(one, two)).map(([b]) => [a, b]));
  },
};
