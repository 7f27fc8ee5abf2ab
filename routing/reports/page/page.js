/* The page of a report: one state, drawn as map, charts, table and details. All texts are set as text, never as markup. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const items = data.itineraries;
  const byId = new Map(items.map((item) => [item.id, item]));
  const state = { selected: items[0].id, off: new Set(), sort: null, descending: false, quantity: "days" };
  const narrow = () => document.documentElement.clientWidth < 820;
  const shown = () => items.filter((item) => !state.off.has(item.corridor));
  const look = (item) => data.corridors[item.corridor];
  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format;
  const one = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format;
  const twins = new Map();
  for (const item of items) twins.set(item.corridor, [...(twins.get(item.corridor) || []), item.id]);
  /* The best of a corridor has its name, the others of it a number. */
  const named = (item) => {
    const place = twins.get(item.corridor).indexOf(item.id);
    return `${look(item).label}${place ? ` (${place + 1})` : ""}${item.seasonal ? " *" : ""}`;
  };

  // --- elements -----------------------------------------------------------------------------------------------------
  const add = (node, ...children) => {
    for (const child of children.flat(Infinity)) if (child != null) node.append(child);
    return node;
  };
  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
    }
    return add(node, ...children);
  };
  const at = (id) => document.getElementById(id);
  const fill = (id, ...children) => add((at(id).replaceChildren(), at(id)), ...children);
  const svg = (name, attributes = {}, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return add(node, ...children);
  };
  const dashes = (look, width) => look.dash.map((length) => length * width).join(" ");
  const corner = (sides, radius, turn) =>
    Array.from({ length: sides }, (_, n) => {
      const angle = turn + (2 * Math.PI * n) / sides;
      const r = typeof radius === "function" ? radius(n) : radius;
      return `${(r * Math.sin(angle)).toFixed(2)},${(-r * Math.cos(angle)).toFixed(2)}`;
    });
  const closed = (points) => `M${points.join("L")}Z`;
  const SHAPES = {
    circle: (r) => `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`,
    square: (r) => closed(corner(4, r * 1.2, Math.PI / 4)),
    diamond: (r) => closed(corner(4, r * 1.3, 0)),
    triangle: (r) => closed(corner(3, r * 1.35, 0)),
    pentagon: (r) => closed(corner(5, r * 1.15, 0)),
    hexagon: (r) => closed(corner(6, r * 1.1, 0)),
    star: (r) => closed(corner(10, (n) => (n % 2 ? r * 0.6 : r * 1.4), 0)),
    cross: (r) => closed(corner(12, (n) => (n % 3 === 2 ? r * 0.5 : r * 1.2), -Math.PI / 12)),
  };
  const shape = (look, radius) => (SHAPES[look.symbol] || SHAPES.circle)(radius);
  const swatch = (look) => {
    const icon = svg("svg", { class: "swatch", viewBox: "0 0 34 14", "aria-hidden": "true" });
    icon.append(svg("path", { class: "casing", d: "M1,7H33", "stroke-width": 6.4, "stroke-dasharray": dashes(look, 2.4) }));
    icon.append(svg("path", { d: "M1,7H33", stroke: look.colour, "stroke-width": 4, "stroke-dasharray": dashes(look, 2.4), fill: "none" }));
    return icon;
  };

  // --- sources ------------------------------------------------------------------------------------------------------
  const source = (number) => {
    const { id, kind, title, publisher, year, url } = data.sources[number];
    const about = [publisher, year].filter((part) => part != null && part !== "").join(", ");
    const link = /^https?:\/\//i.test(url || "") ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url) : null;
    return make("li", {}, `${title}${about ? ` (${about})` : ""}`, kind === "assumption" ? " [assumption]" : "", ` ${id}`, link ? " " : null, link);
  };
  const FIGURES = { time: "Time", cost: "Cost", co2e: "CO2e", distance: "Distance" };
  const listed = (numbers) => make("ul", {}, (numbers || []).map(source));
  const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  // --- selecting ----------------------------------------------------------------------------------------------------
  const select = (id, focus) => {
    state.selected = id;
    draw();
    if (focus) focus();
  };
  /* One stop of the tab key for each picture; arrow keys go to the next itinerary shown. */
  const onKey = (event, id, focus) => {
    const order = shown().map((item) => item.id);
    const here = order.indexOf(id);
    const moves = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -here, End: order.length - 1 - here };
    if (event.key === "Enter" || event.key === " ") select(id, () => focus(id));
    else if (event.key in moves) {
      const next = order[(here + moves[event.key] + order.length) % order.length];
      select(next, () => focus(next));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const tells = (item) => `${named(item)}: ${one(item.days_p50)} days (${one(item.days_p10)} to ${one(item.days_p90)}), ${whole(item.usd)} USD, ${whole(item.kg)} kg CO2e`;
  const selectable = (picture, node, item) => {
    const focus = (id) => document.querySelector(`#${picture} [data-id="${CSS.escape(id)}"]`)?.focus();
    node.setAttribute("class", `item${item.id === state.selected ? " selected" : ""}`);
    for (const [key, value] of Object.entries({
      "data-id": item.id, role: "radio", "aria-checked": item.id === state.selected,
      tabindex: item.id === state.selected ? 0 : -1, "aria-label": tells(item),
    })) node.setAttribute(key, value);
    node.addEventListener("click", () => select(item.id));
    node.addEventListener("keydown", (event) => onKey(event, item.id, focus));
    node.prepend(svg("title", {}, tells(item)));
    return node;
  };
  /* The selected is drawn last, so that nothing hides it. */
  const lastSelected = (list) => [...list].sort((a, b) => (a.id === state.selected) - (b.id === state.selected) || b.number - a.number);

  // --- labels without overlaps --------------------------------------------------------------------------------------
  const pen = document.createElement("canvas").getContext("2d");
  /* The size of a text as this reader's fonts draw it, in bold, which a label may be. */
  const sizeOf = (text, size) => {
    pen.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    const { width, fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText(text);
    return [width, Math.max(above + below - 2, size * 1.15)];
  };
  const Room = (width, height, left = 0) => {
    const taken = [];
    const free = (box) => box[0] >= left && box[1] >= 0 && box[2] <= width && box[3] <= height
      && taken.every((other) => box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]);
    return {
      take: (box) => taken.push(box),
      fits: free,
      /* Return the first place of a text beside a point that is free, and take it. */
      place: (text, x, y, gap, size = 12) => {
        const [wide, high] = sizeOf(text, size);
        const around = [
          [x + gap, y - high / 2, "start"], [x - gap - wide, y - high / 2, "end"], [x - wide / 2, y - gap - high, "middle"],
          [x - wide / 2, y + gap, "middle"], [x + gap * 0.7, y - gap - high * 0.8, "start"], [x + gap * 0.7, y + gap * 0.7, "start"],
          [x - gap * 0.7 - wide, y - gap - high * 0.8, "end"], [x - gap * 0.7 - wide, y + gap * 0.7, "end"],
          [Math.min(x, width - wide - 3), y - gap - high, "start"], [Math.min(x, width - wide - 3), y + gap, "start"],
          [Math.min(x, width - wide - 3), y - gap - 2.3 * high, "start"], [x - wide / 2, y - gap - 2.3 * high, "middle"],
        ];
        for (const [n, [west, top, anchor]] of around.entries()) {
          const box = [west - 2, top, west + wide + 2, top + high];
          if (free(box)) {
            taken.push(box);
            return { x: anchor === "start" ? west : anchor === "end" ? west + wide : west + wide / 2, y: top + high * 0.8, anchor, far: n > 9 && [west + wide / 2, top + high] };
          }
        }
        return null;
      },
    };
  };
  const label = (text, spot, strong) => svg("text", { x: spot.x, y: spot.y, "text-anchor": spot.anchor, class: `halo${strong ? " strong" : ""}` }, text);

  // --- map ----------------------------------------------------------------------------------------------------------
  const decoded = (numbers) => {
    const points = [];
    let lon = 0, lat = 0;
    for (let n = 0; n < numbers.length; n += 2) points.push([(lon += numbers[n]) / data.per_degree, (lat += numbers[n + 1]) / data.per_degree]);
    return points;
  };
  const degrees = (unit) => [unit[0] / data.per_degree, unit[1] / data.per_degree];
  const lines = data.lines.map(decoded);
  /* The map is centred on the corridors of the world as drawn; elsewhere on the lines. */
  const CENTRE = 75;
  const lon0 = lines.flat().every(([lon]) => Math.abs(((lon - CENTRE + 540) % 360) - 180) < 140) ? CENTRE : items[0].ends[0].at[0] / data.per_degree;
  const projection = d3.geoNaturalEarth1().rotate([-lon0, 0]).scale(200).translate([0, 0]);
  const flat = lines.map((line) => line.map((point) => projection(point)));
  const path = d3.geoPath(projection);
  const map = d3.select("#map");
  const under = map.append("g");
  under.append("path").attr("class", "graticule").attr("d", path(d3.geoGraticule().step([15, 15])()));
  under.append("path").attr("class", "land")
    .attr("d", path({ type: "MultiPolygon", coordinates: data.land.map((rings) => rings.map(decoded)) }));
  const over = map.append("g").attr("role", "radiogroup").attr("aria-label", "Itineraries on the map");
  const marks = map.append("g").attr("pointer-events", "none");
  let size = [0, 0], view = d3.zoomIdentity;
  const zoom = d3.zoom().on("zoom", (event) => { view = event.transform; drawLines(); });
  /* One finger scrolls the page, two move the map. */
  zoom.filter((event) => !event.button && !(event.type.startsWith("touch") && event.touches.length < 2));
  map.call(zoom).on("dblclick.zoom", null);

  const fit = (list) => {
    const points = (list.length ? list : items).flatMap((item) => item.hauls.flatMap(([number]) => flat[number]));
    const [x0, x1] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
    const [y0, y1] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
    const pad = narrow() ? 26 : 44;
    const k = Math.min((size[0] - 2 * pad) / Math.max(x1 - x0, 4), (size[1] - 2 * pad) / Math.max(y1 - y0, 4));
    zoom.scaleExtent([Math.min(k, size[0] / 1100) * 0.8, 60]);
    map.call(zoom.transform, d3.zoomIdentity.translate(size[0] / 2 - (k * (x0 + x1)) / 2, size[1] / 2 - (k * (y0 + y1)) / 2).scale(k));
  };
  /* A line on the screen, moved sideways; points nearer than 1.2 pixels are left out. */
  const moved = (points, aside) => {
    const seen = [];
    points.forEach((point, n) => {
      const x = view.applyX(point[0]), y = view.applyY(point[1]), last = seen[seen.length - 1];
      if (!last || n === points.length - 1 || Math.hypot(x - last[0], y - last[1]) > 1.2) seen.push([x, y]);
    });
    if (!aside) return seen;
    return seen.map(([x, y], n) => {
      const before = seen[Math.max(n - 1, 0)], after = seen[Math.min(n + 1, seen.length - 1)];
      const dx = after[0] - before[0], dy = after[1] - before[1], length = Math.hypot(dx, dy) || 1;
      return [x - (dy / length) * aside, y + (dx / length) * aside];
    });
  };
  /* Where several itineraries share a link they lie side by side, the best first. */
  const sides = (list) => {
    const users = new Map();
    for (const item of list) for (const [number] of item.hauls) users.set(number, [...new Set([...(users.get(number) || []), item.id])]);
    const step = list.length > 8 ? 2 : 2.6;
    return (number, id) => (users.get(number).indexOf(id) - (users.get(number).length - 1) / 2) * step;
  };
  const outline = (item, aside) => {
    let text = "", end = null;
    for (const [number, backward] of item.hauls) {
      const points = moved(flat[number], aside(number, item.id));
      if (backward) points.reverse();
      points.forEach((point, n) => {
        const joins = end && Math.hypot(point[0] - end[0], point[1] - end[1]) < (n ? size[0] : 14);
        text += `${joins ? "L" : "M"}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
        end = point;
      });
    }
    return text;
  };
  function drawLines() {
    under.attr("transform", view);
    const list = shown(), aside = sides(list);
    const focused = over.node().contains(document.activeElement) && document.activeElement.dataset.id;
    over.node().replaceChildren(...lastSelected(list).map((item) => {
      const d = outline(item, aside), width = item.id === state.selected ? 4.2 : 2;
      const casing = svg("path", { class: "casing", d, "stroke-width": width + 1.6, "stroke-dasharray": dashes(look(item), width) });
      const line = svg("path", { class: "line", d, stroke: look(item).colour, "stroke-width": width, "stroke-dasharray": dashes(look(item), width) });
      return selectable("map", svg("g", {}, casing, line, svg("path", { class: "hit", d, "stroke-width": 14 })), item);
    }));
    if (focused) over.node().querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    drawMarks();
  }
  function drawMarks() {
    const nodes = [], room = Room(size[0], size[1]), item = chosen();
    const on = (unit) => { const [x, y] = view.apply(projection(degrees(unit))); return { x, y }; };
    const inside = ({ x, y }) => x > -10 && y > -10 && x < size[0] + 10 && y < size[1] + 10;
    const ends = (item || items[0]).ends.map((end) => ({ ...end, ...on(end.at) }));
    const stops = item ? item.stops.map((stop) => ({ ...stop, ...on(stop.at) })).filter(inside).sort((a, b) => b.hours - a.hours) : [];
    for (const end of ends) room.take([end.x - 6, end.y - 6, end.x + 6, end.y + 6]);
    for (const stop of stops) {
      const r = Math.max(3, Math.min(9, 3 * Math.sqrt(stop.hours / 24)));
      nodes.push(svg("path", { class: "symbol", d: shape(data.stops[stop.kind], r), fill: data.stops[stop.kind].colour, transform: `translate(${stop.x},${stop.y})` }));
    }
    const texts = [];
    for (const end of ends.filter(inside)) {
      nodes.push(svg("circle", { cx: end.x, cy: end.y, r: 5, fill: "var(--ink)", stroke: "var(--casing)", "stroke-width": 1.5 }));
      const spot = room.place(end.label, end.x, end.y, 9, 13);
      if (spot) texts.push(label(end.label, spot, true));
    }
    const said = new Set(ends.map((end) => end.label));
    for (const stop of stops) {
      if (said.has(stop.label) || stop.hours < 6) continue;
      const spot = room.place(stop.label, stop.x, stop.y, 8);
      if (spot) texts.push(label(stop.label, spot)) && said.add(stop.label);
    }
    marks.node().replaceChildren(...nodes, ...texts);
  }
  function drawMapLegend() {
    const kinds = new Set(chosen() ? chosen().stops.map((stop) => stop.kind) : []);
    const legends = Object.entries(data.stops).filter(([kind]) => kinds.has(kind)).map(([, look]) => make("span", { class: "legend" },
      svg("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, svg("path", { class: "symbol", d: shape(look, 4.5), fill: look.colour })), look.label));
    fill("map-legend", legends, make("span", {}, "Symbols: stops of the selected itinerary, the larger the longer. Land: Natural Earth."));
  }
  const pan = (x, y) => map.call(zoom.translateBy, x / view.k, y / view.k);
  const grow = (factor) => map.call(zoom.scaleBy, factor);
  const overview = () => fit(shown());
  at("map").addEventListener("keydown", (event) => {
    const acts = {
      ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
      "+": () => grow(1.5), "=": () => grow(1.5), "-": () => grow(1 / 1.5), 0: overview,
    };
    if (event.key in acts) { acts[event.key](); event.preventDefault(); }
  });
  fill("map-buttons", [["+", "Zoom in", () => grow(1.5)], ["\u2212", "Zoom out", () => grow(1 / 1.5)], ["Selected", "Show the selected itinerary", () => fit([chosen() || items[0]])], ["All", "Show all", overview]]
    .map(([text, title, click]) => make("button", { type: "button", title, "aria-label": title, on: { click } }, text)));

  // --- charts -------------------------------------------------------------------------------------------------------
  const chosen = () => (state.off.has(byId.get(state.selected).corridor) ? null : byId.get(state.selected));
  const frame = (id, x, y, texts, width, height, edge) => {
    const node = at(id);
    node.setAttribute("viewBox", `0 0 ${width} ${height}`);
    node.replaceChildren();
    const root = d3.select(node);
    const ticks = narrow() ? 5 : 7;
    for (const value of y.ticks(6)) root.append("line").attr("class", "grid").attr("x1", edge.left).attr("x2", width - edge.right).attr("y1", y(value)).attr("y2", y(value));
    root.append("g").attr("class", "axis").attr("transform", `translate(0,${height - edge.bottom})`).call(d3.axisBottom(x).ticks(ticks));
    root.append("g").attr("class", "axis").attr("transform", `translate(${edge.left},0)`).call(d3.axisLeft(y).ticks(6));
    root.append("text").attr("class", "axis-label").attr("x", width - edge.right).attr("y", height - 6).attr("text-anchor", "end").text(texts[0]);
    root.append("text").attr("class", "axis-label").attr("x", 4).attr("y", 12).text(texts[1]);
    return node;
  };
  const EDGE = { left: 52, right: 14, top: 24, bottom: 42 };
  const chartSize = (id) => {
    const width = printing ? 740 : Math.max(at(id).parentNode.clientWidth - 24, 260);
    return [width, printing ? 300 : Math.round(Math.max(260, Math.min(width * 0.68, 430)))];
  };
  const again = (id, redraw) => {
    const focused = at(id).contains(document.activeElement) && document.activeElement.dataset.id;
    redraw();
    if (focused) at(id).querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  };
  const drawScatter = () => again("scatter", () => {
    const list = shown(), [width, height] = chartSize("scatter"), edge = EDGE;
    const of = (low, high) => [Math.min(...items.map((i) => i[low])), Math.max(...items.map((i) => i[high]))];
    const [days0, days1] = of("days_p10", "days_p90"), [usd0, usd1] = of("usd_p10", "usd_p90");
    const x = d3.scaleLinear([days0 - (days1 - days0) * 0.04 - 0.1, days1 + (days1 - days0) * 0.04 + 0.1], [edge.left, width - edge.right]);
    const y = d3.scaleLinear([usd0 - (usd1 - usd0) * 0.04 - 1, usd1 + (usd1 - usd0) * 0.06 + 1], [height - edge.bottom, edge.top]);
    const node = frame("scatter", x, y, ["mean time (days)", `cost (USD of ${data.usd_year}, whole cargo)`], width, height, edge);
    const front = list.filter((item) => item.on_front).sort((a, b) => a.days_mean - b.days_mean);
    if (front.length > 1) node.append(svg("path", { class: "front", d: "M" + front.map((item, n) => (n ? `H${x(item.days_mean)}V${y(item.usd)}` : `${x(item.days_mean)},${y(item.usd)}`)).join("") }));
    const room = Room(width - 2, height - edge.bottom, edge.left), group = svg("g", { role: "radiogroup", "aria-label": "Itineraries in the scatter" });
    node.append(group);
    for (const item of list) room.take([x(item.days_mean) - 6, y(item.usd) - 6, x(item.days_mean) + 6, y(item.usd) + 6]);
    for (const item of lastSelected(list)) {
      const cx = x(item.days_mean), cy = y(item.usd), { colour } = look(item), on = item.id === state.selected;
      const whiskers = `M${x(item.days_p10)},${cy}H${x(item.days_p90)}M${cx},${y(item.usd_p10)}V${y(item.usd_p90)}`;
      group.append(selectable("scatter", svg("g", {},
        svg("path", { class: "casing", d: whiskers, "stroke-width": on ? 4.5 : 2.4, "stroke-opacity": 0.6 }),
        svg("path", { class: "whisker", d: whiskers, stroke: colour, "stroke-width": on ? 2.6 : 1.3, "stroke-opacity": on ? 1 : 0.55 }),
        svg("path", { class: "symbol", d: SHAPES[item.on_front ? "circle" : "diamond"](on ? 7 : 5), fill: colour, transform: `translate(${cx},${cy})` }),
        svg("circle", { class: "ring", cx, cy, r: 11 })), item));
    }
    /* Named are the selected and the first of each corridor. */
    for (const item of new Set([chosen(), ...list.filter((item) => twins.get(item.corridor)[0] === item.id)])) {
      const spot = item && room.place(named(item), x(item.days_mean), y(item.usd), 11);
      if (!spot) continue;
      if (spot.far) node.append(svg("path", { class: "leader", d: `M${x(item.days_mean)},${y(item.usd) - 6}L${spot.far}` }));
      node.append(label(named(item), spot, item.id === state.selected));
    }
    for (const text of node.querySelectorAll("text.halo")) text.setAttribute("pointer-events", "none");
  });
  const drawStairs = () => again("stairs", () => {
    const list = shown(), [width, height] = chartSize("stairs"), edge = EDGE, time = state.quantity === "days";
    const item = chosen(), top = (one) => Math.max(one.stairs[state.quantity].at(-1), time ? one.days_p90 : 0);
    const x = d3.scaleLinear([0, Math.max(...items.map((one) => one.stairs.km.at(-1))) * 1.05], [edge.left, width - edge.right]);
    const y = d3.scaleLinear([0, Math.max(...(list.length ? list : items).map(top)) * 1.05 || 1], [height - edge.bottom, edge.top]);
    const node = frame("stairs", x, y, ["distance (km)", time ? "cumulative mean time (days)" : `cumulative cost (USD of ${data.usd_year}, whole cargo)`], width, height, edge);
    const group = svg("g", { role: "radiogroup", "aria-label": "Itineraries in the staircase" });
    node.append(group);
    for (const one of lastSelected(list)) {
      const d = "M" + one.stairs.km.map((km, n) => `${x(km).toFixed(1)},${y(one.stairs[state.quantity][n]).toFixed(1)}`).join("L");
      const on = one.id === state.selected, line = on ? 3.4 : 1.5;
      group.append(selectable("stairs", svg("g", {},
        svg("path", { class: "casing", d, "stroke-width": line + 1.6, "stroke-dasharray": dashes(look(one), line) }),
        svg("path", { class: "line", d, stroke: look(one).colour, "stroke-width": line, "stroke-dasharray": dashes(look(one), line), "stroke-opacity": on ? 1 : 0.75 }),
        svg("path", { class: "hit", d, "stroke-width": 14 })), one));
    }
    if (!item) return;
    if (time) {
      const end = x(item.km) + 6;
      node.append(svg("path", { d: `M${end - 4},${y(item.days_p10)}h8m-4,0V${y(item.days_p90)}m-4,0h8`, stroke: "var(--ink)", "stroke-width": 1.4, fill: "none", "pointer-events": "none" }));
    }
    const rise = (step) => (time ? step.hours / 24 : step.usd), foot = (step) => (time ? step.at_days : step.at_usd);
    const total = item.stairs[state.quantity].at(-1), taken = Room(width, height - edge.bottom);
    const stops = item.steps.filter((step) => step.kind !== "haul" && rise(step) > 0.03 * total).sort((a, b) => rise(b) - rise(a));
    for (const step of stops) {
      const said = `${step.places}: ${time ? `${one(rise(step))} d` : `${whole(rise(step))} USD`}`;
      const text = said.length * 6.3 > width * 0.6 ? `${said.slice(0, Math.floor((width * 0.6) / 6.3))}\u2026` : said;
      const px = x(step.at_km), py = y(foot(step) + rise(step) / 2);
      const wide = text.length * 6.3, left = px - 8 - wide > edge.left;
      const box = left ? [px - 8 - wide, py - 7, px - 8, py + 7] : [px + 10, py - 7, px + 10 + wide, py + 7];
      if (!taken.fits(box)) continue;
      taken.take(box);
      node.append(svg("text", { x: left ? px - 8 : px + 10, y: py + 4, "text-anchor": left ? "end" : "start", class: "halo", "pointer-events": "none", "font-size": 11 }, text));
    }
  });

  // --- simulation ---------------------------------------------------------------------------------------------------
  const percent = (share) => (share > 0 && share < 0.01 ? "under 1 %" : share > 0.99 && share < 1 ? "over 99 %" : `${whole(100 * share)} %`);
  const dayOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  /* Days after the departure as a day at the destination; undated as a number of days. */
  const dayText = (run, days) => days == null ? "not reached" : (run.start ? dayOf.format(new Date(Date.parse(`${run.start}Z`) + 864e5 * days)) : `${one(days)} d`);
  const promisedText = (run) => `${percent(run.on_time)} on time by ${run.promised}`;
  const drawArrival = () => {
    const run = chosen()?.simulation;
    at("arrival").replaceChildren();
    at("arrival-title").textContent = run ? `Arrival${run.promised ? `: ${promisedText(run)}` : ""}` : "Arrival";
    if (!run) return fillLegend("arrival-legend", [], "No simulated itinerary is selected.");
    fillLegend("arrival-legend", run.promised ? [data.simulation.on_time, data.simulation.late] : [],
      `${whole(run.runs)} simulated shipments of the selected itinerary; p95: ${dayText(run, run.days_p95)}. The last arrivals (0.5 %) are not shown.${run.start ? " Days are those of the destination." : ""}`);
    const [width, height] = chartSize("arrival"), edge = { ...EDGE, top: 46 };
    const first = run.first_days, last = first + run.width_days * run.shares.length, wide = last - first;
    const low = run.promised ? Math.min(first, Math.max(run.promised_days - 0.05 * wide, first - wide)) : first;
    const high = run.promised ? Math.max(last, Math.min(run.promised_days + 0.05 * wide, last + wide)) : last;
    const x = d3.scaleLinear([low - 0.02 * wide, high + 0.02 * wide], [edge.left, width - edge.right]);
    const y = d3.scaleLinear([0, 105 * Math.max(...run.shares)], [height - edge.bottom, edge.top]);
    const axis = x.copy(), shift = run.start ? ((Date.parse(`${run.start}Z`) % 864e5) + 864e5) % 864e5 / 864e5 : 0;
    axis.ticks = (count) => x.copy().domain(x.domain().map((value) => value + shift)).ticks(run.start && narrow() ? count - 2 : count).filter((value) => !run.start || value % 1 === 0).map((value) => value - shift);
    axis.tickFormat = () => (value) => (run.start ? dayText(run, value + 1e-6) : String(value));
    const per = run.width_days < 1 ? `${whole(24 * run.width_days)} h` : run.width_days === 1 ? "day" : `${whole(run.width_days)} days`;
    const node = frame("arrival", axis, y, [run.start ? "day of arrival" : "days from delivery to pick-up", `% of shipments per ${per}`], width, height, edge);
    run.shares.forEach((share, n) => {
      const from = first + n * run.width_days, to = from + run.width_days, by = run.promised ? run.promised_days : null;
      const parts = by == null ? [[from, to, "without"]] : [[from, Math.min(to, by), "on_time"], [Math.max(from, by), to, "late"]];
      for (const [a, b, kind] of parts) if (b > a) node.append(svg("rect", { x: x(a), width: Math.max(x(b) - x(a) - 0.6, 0.5), y: y(100 * share), height: y(0) - y(100 * share), fill: data.simulation[kind].colour }));
    });
    const names = run.days_p10 === run.days_p90 ? [["always", run.days_p50, "middle", 14]] : [["p10", run.days_p10, "end", 14], ["p50", run.days_p50, "middle", 28], ["p90", run.days_p90, "start", 14]];
    for (const [name, days, anchor, up] of names) if (days != null) {
      node.append(svg("line", { class: "quantile", x1: x(days), x2: x(days), y1: y(0), y2: edge.top - 2 }));
      const text = `${name} ${dayText(run, days)}`, wideText = text.length * 6.4;
      const px = Math.min(Math.max(x(days), anchor === "end" ? wideText + 2 : anchor === "middle" ? wideText / 2 + 2 : 2), width - (anchor === "start" ? wideText : anchor === "middle" ? wideText / 2 : 0) - 2);
      node.append(svg("text", { x: px, y: edge.top + 9 - up, "text-anchor": anchor, class: "halo" }, text));
    }
    if (!run.promised) return;
    const by = x(run.promised_days), inside = Math.min(Math.max(by, edge.left), width - edge.right);
    if (inside === by) node.append(svg("line", { class: "promised", x1: by, x2: by, y1: y(0), y2: edge.top - 2 }));
    const said = inside === by ? `promised ${dayText(run, run.promised_days - 1e-5)}` : `promised ${by < inside ? "earlier" : "later"}`;
    const left = inside + 7 * said.length + 8 > width;
    node.append(svg("text", { x: inside + (left ? -6 : 6), y: edge.top + 28, "text-anchor": left ? "end" : "start", class: "halo strong" }, said));
  };
  const fillLegend = (id, looks, text) => fill(id, looks.map((look) => make("span", { class: "legend" },
    svg("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, svg("rect", { x: -7, y: -5, width: 14, height: 10, fill: look.colour })), look.label)), make("span", {}, text));
  const drawCauses = () => {
    const run = chosen()?.simulation, node = at("causes");
    node.replaceChildren();
    at("causes-legend").textContent = "";
    if (!run) return;
    const [width] = chartSize("causes"), row = 36, height = Math.max(run.causes.length, 3) * row + 10;
    node.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const x = d3.scaleLinear([0, Math.max(...run.causes.map((cause) => cause.share), 0.01)], [8, width - 70]);
    run.causes.forEach((cause, n) => {
      const most = Math.floor((width - 20) / 6.4), text = cause.name.length > most ? `${cause.name.slice(0, most - 1)}\u2026` : cause.name;
      node.append(svg("text", { x: 8, y: n * row + 14 }, text));
      node.append(svg("rect", { x: 8, y: n * row + 19, width: Math.max(x(cause.share) - 8, 1), height: 11, fill: data.simulation.kinds[cause.kind].colour }));
      node.append(svg("text", { x: x(cause.share) + 5, y: n * row + 28.5 }, percent(cause.share)));
    });
    if (!run.causes.length) node.append(svg("text", { x: 8, y: 20 }, "The time does not vary."));
    const kinds = [...new Set(run.causes.map((cause) => cause.kind))].map((kind) => data.simulation.kinds[kind]);
    const missed = run.missed.map((miss) => `${percent(miss.share)} of the shipments miss the departure at ${miss.place} (${miss.service}) that the plan takes.`);
    fillLegend("causes-legend", kinds, ["Share of the variance of the time: how much of it would go if the cause were known.", ...missed].join(" "));
  };

  // --- table --------------------------------------------------------------------------------------------------------
  const best = (item) => [...item.tags, ...(item.on_front ? ["front"] : [])].join(", ");
  const COLUMNS = [
    ["Itinerary", (i) => named(i)],
    ["Best by", best],
    ["Days p50", (i) => i.days_p50, (i) => one(i.days_p50)],
    ["p10 to p90", (i) => i.days_p90 - i.days_p10, (i) => `${one(i.days_p10)} to ${one(i.days_p90)}`],
    ["In transit", (i) => i.transit_days, (i) => one(i.transit_days)],
    ["USD", (i) => i.usd, (i) => whole(i.usd)],
    ["USD p10 to p90", (i) => i.usd_p90 - i.usd_p10, (i) => (i.usd_p10 === i.usd_p90 ? "not known" : `${whole(i.usd_p10)} to ${whole(i.usd_p90)}`)],
    ["kg CO2e", (i) => i.kg, (i) => whole(i.kg)],
    ["km", (i) => i.km, (i) => whole(i.km)],
    ["Borders", (i) => i.borders, (i) => i.borders],
    ["Gauges", (i) => i.gauges, (i) => i.gauges],
    ["Changes", (i) => i.changes, (i) => i.changes],
    ["Longest stop", (i) => i.longest],
    ...(items.some((i) => i.simulation?.promised) ? [["On time", (i) => i.simulation?.on_time ?? -1, (i) => (i.simulation?.promised ? percent(i.simulation.on_time) : "not known")]] : []),
    ["TEU/day left", (i) => i.left_teu_day ?? -1, (i) => (i.left_teu_day == null ? "not known" : whole(i.left_teu_day))],
  ];
  const sorted = (list) => {
    if (state.sort == null) return list;
    const key = COLUMNS[state.sort][1], sign = state.descending ? -1 : 1;
    return [...list].sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return (typeof x === "string" ? x.localeCompare(y) : x - y) * sign || a.number - b.number;
    });
  };
  function drawTable() {
    const focused = at("table").contains(document.activeElement) && document.activeElement.dataset.key;
    const sort = (n) => { state.descending = state.sort === n && !state.descending; state.sort = n; drawTable(); };
    const arrow = (n) => (state.sort === n ? (state.descending ? " \u25bc" : " \u25b2") : "");
    const head = COLUMNS.map(([text, , number], n) => make("th", { scope: "col", class: number ? "number" : false, "aria-sort": state.sort === n ? (state.descending ? "descending" : "ascending") : "none" },
      make("button", { type: "button", "data-key": `sort-${n}`, on: { click: () => sort(n) } }, text + arrow(n))));
    const focus = (id) => document.querySelector(`#table [data-key="${CSS.escape(id)}"]`)?.focus();
    const rows = sorted(shown()).map((item) => make("tr", { class: item.id === state.selected ? "selected" : false, on: { click: () => select(item.id) } },
      COLUMNS.map(([, key, text], n) => n
        ? make("td", { class: text ? "number" : false }, String(text ? text(item) : key(item)))
        : make("td", { class: "what" }, make("span", {}, swatch(look(item)), make("button", { type: "button", "data-key": item.id, "data-id": item.id, "aria-pressed": String(item.id === state.selected), on: {
          click: (event) => { event.stopPropagation(); select(item.id, () => focus(item.id)); } } }, named(item)))))));
    fill("table", make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows));
    if (focused) focus(focused);
  }

  // --- details ------------------------------------------------------------------------------------------------------
  const cited = (sources) => Object.entries(FIGURES).filter(([figure]) => sources[figure]?.length);
  function drawDetails() {
    const item = chosen();
    if (!item) return fill("details", make("h2", {}, "No itinerary is shown"), make("p", {}, "Switch a corridor on above."));
    const figures = {
      time: `Time: ${one(item.days_p50)} days (p50), ${one(item.days_p10)} to ${one(item.days_p90)} (p10 to p90), mean ${one(item.days_mean)}`,
      cost: `Cost: ${whole(item.usd)} USD${item.usd_p10 === item.usd_p90 ? "" : `, ${whole(item.usd_p10)} to ${whole(item.usd_p90)} (p10 to p90)`}`,
      co2e: `Emissions: ${whole(item.kg)} kg CO2e`, distance: `Distance: ${whole(item.km)} km`,
    };
    const totals = Object.entries(figures).map(([figure, text]) => make("details", {}, make("summary", {}, `${text} `,
      make("span", { class: "badge" }, counted(item.sources[figure]?.length || 0, "source"))), listed(item.sources[figure])));
    const body = item.steps.flatMap((step, n) => {
      const row = make("tr", { class: "note-row", id: `step-${n}`, hidden: true }, make("td", { colspan: 7 }, cited(step.sources).map(([figure, name]) => [make("strong", {}, name), listed(step.sources[figure])])));
      const toggle = (event) => { row.hidden = !row.hidden; event.currentTarget.setAttribute("aria-expanded", String(!row.hidden)); };
      const some = cited(step.sources).length;
      const what = some ? make("button", { type: "button", title: "Show the sources", "aria-expanded": "false", "aria-controls": `step-${n}`, on: { click: toggle } }, step.what) : step.what;
      return [make("tr", {}, make("td", {}, what), make("td", {}, step.places),
        ...[step.at_km, step.km].map((km) => make("td", { class: "number" }, whole(km))), make("td", { class: "number" }, one(step.hours)),
        ...[step.usd, step.kg].map((value) => make("td", { class: "number" }, whole(value)))), some ? row : null];
    });
    const kinds = Object.entries(item.usd_by_kind).map(([kind, usd]) => `${kind} ${whole(usd)}`).join(", ");
    const clock = item.depart ? make("p", {}, `Departs ${item.depart.replace("T", " ")}, arrives on average ${item.arrive.replace("T", " ")} (local times).`) : null;
    fill("details", make("h2", {}, `Selected: ${named(item)}`), make("p", {}, item.route), clock,
      make("div", { class: "totals" }, totals),
      make("p", { class: "small" }, `Cost by kind (USD): ${kinds}. Generalised cost ${whole(item.generalised_usd)} USD, of which inventory ${whole(item.inventory_usd)}.${item.left_at ? ` Least capacity left: ${item.left_at}.` : ""} Itinerary ${item.id}.`),
      make("h3", {}, "Steps"), make("p", { class: "small hint" }, "Select a step to see the sources of its figures."),
      make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Steps of the selected itinerary" }, make("table", {},
        make("thead", {}, make("tr", {}, ["Step", "Places", "From km", "km", "Hours (mean)", "USD", "kg CO2e"].map((text, n) => make("th", { scope: "col", class: n > 1 ? "number" : false }, text)))),
        make("tbody", {}, body))));
  }
  // --- queues under load --------------------------------------------------------------------------------------------
  const spark = (weeks, colour) => {
    const most = Math.max(...weeks, 1), step = 156 / Math.max(weeks.length - 1, 1);
    const d = weeks.map((teu, n) => `${n ? "L" : "M"}${(2 + n * step).toFixed(1)},${(24 - (22 * teu) / most).toFixed(1)}`).join("");
    const told = `Queue by week, at most ${whole(most)} TEU`;
    return svg("svg", { class: "spark", viewBox: "0 0 160 26", role: "img", "aria-label": told }, svg("title", {}, told), svg("path", { d, stroke: colour }));
  };
  function drawQueues() {
    const item = chosen(), run = data.under_load;
    at("queues").hidden = !run || !item;
    if (!run || !item) return;
    const rows = item.queues.map((number) => run.queues[number]);
    const number = (text) => make("td", { class: "number" }, text);
    const body = rows.map((row) => make("tr", {}, make("td", {}, row.name), number(row.used == null ? "over" : `${whole(100 * row.used)} %`),
      number(row.mean_h == null ? (row.growth_teu_day == null ? "" : `+${whole(row.growth_teu_day)} TEU a day`) : one(row.mean_h)),
      number(row.p90_h == null ? "" : one(row.p90_h)), number(whole(row.queue_teu)),
      make("td", {}, row.weeks.length ? spark(row.weeks, run.bands[row.band].colour) : ""), make("td", {}, row.remark)));
    const known = rows.filter((row) => row.mean_h != null && !row.remark);
    const about = `Simulation of ${run.days} days from ${run.start}${run.year ? `, demand of ${run.year}` : ""}, ${counted(run.replications, "replication")}`
      + `${run.disruptions.length ? `, with ${run.disruptions.join(", ")}` : ""}. The times above are published ones and hold the usual queue; they are not changed by these waits. `
      + `Where nothing limits their meaning the waits are ${one(known.reduce((sum, row) => sum + row.mean_h, 0))} hours in all.`;
    fill("queues", make("h2", {}, `Queues on the way under load: ${named(item)}`),
      rows.length ? make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Queues on the way" }, make("table", {},
        make("thead", {}, make("tr", {}, ["Resource", "Used", "Hours of wait", "p90", "TEU in queue", "Queue by week", "Remark"].map((text, n) => make("th", { scope: "col", class: n > 0 && n < 5 ? "number" : false }, text)))),
        make("tbody", {}, body))) : make("p", {}, "There is no queue on its way."), make("p", { class: "small" }, about));
  }
  function drawNotes() {
    const notes = new Map();
    for (const item of shown()) for (const note of item.notes) {
      const key = note.text;
      notes.set(key, { ...note, of: [...(notes.get(key)?.of || []), item] });
    }
    const rows = [...notes.values()].map((note) => make("li", {},
      note.of.length === shown().length ? note.text : `${note.of.map(named).join(", ")}: ${note.text}`,
      note.sources.length ? make("details", {}, make("summary", {}, counted(note.sources.length, "source")), listed(note.sources)) : null));
    const left = data.left_out.map((item) => make("li", {}, `${item.corridor}: ${item.reason} (${one(item.days)} days, ${whole(item.usd)} USD).`));
    fill("notes", make("h2", {}, "Notes and sources"),
      rows.length ? make("ul", {}, rows) : null,
      left.length ? [make("h3", {}, "Corridors left out"), make("ul", {}, left)] : null,
      make("details", {}, make("summary", {}, `All ${counted(data.sources.length, "source")} of this report`), make("ul", {}, data.sources.map((_, n) => source(n)))));
  }

  // --- what stays ---------------------------------------------------------------------------------------------------
  function drawChooser() {
    const used = [...new Set(items.map((item) => item.corridor))];
    const turn = (corridor, on) => {
      if (on) state.off.delete(corridor); else state.off.add(corridor);
      if (!chosen() && shown().length) state.selected = shown()[0].id;
      draw();
    };
    const boxes = used.map((corridor) => {
      const box = make("input", { type: "checkbox", checked: true, "data-corridor": corridor, on: { change: () => turn(corridor, box.checked) } });
      return make("label", { "data-corridor": corridor }, box, swatch(data.corridors[corridor]), data.corridors[corridor].label);
    });
    const all = (on) => { for (const corridor of used) if (on) state.off.delete(corridor); else state.off.add(corridor); if (on && !chosen()) state.selected = items[0].id; draw(); };
    fill("chooser", boxes, make("span", { class: "buttons" },
      make("button", { type: "button", on: { click: () => all(true) } }, "Show all"), make("button", { type: "button", on: { click: () => all(false) } }, "Hide all")));
  }
  function syncChooser() {
    for (const box of document.querySelectorAll("#chooser input")) {
      box.checked = !state.off.has(box.dataset.corridor);
      box.parentNode.classList.toggle("off", !box.checked);
    }
  }
  function drawHead() {
    const { cargo } = data;
    at("title").textContent = data.title;
    const cities = Object.entries(data.cities).map(([name, to]) => `${name} is ${[to].flat().join(", ")}`);
    at("question").textContent = [`${cargo.teu} TEU, ${cargo.tonnes} t, ${whole(cargo.value_usd)} USD, ${cargo.cargo_class}`, ...data.conditions,
      `data of ${data.meta.reference_date}`, `US dollars of ${data.usd_year}`].join("; ");
    const seasonal = items.some((item) => item.seasonal) ? ` * In its season only${items[0].depart ? "" : "; not compared for the front"}.` : "";
    at("table-legend").textContent = "Select a heading to sort, an itinerary to see it everywhere. Front: on the Pareto front of mean time and cost. Days from delivery at the first terminal to pick-up at the last; in transit: from departure to arrival (p50). "
      + "USD for the whole cargo; its range is by the published spread of rates. TEU/day left: least capacity of a resource on the way, before any flow." + seasonal;
    at("scatter-legend").textContent = "Bars: p10 to p90 of time and of cost (by the published spread of rates). Circles: on the Pareto front of mean time and cost, joined by the dotted line; diamonds: another one shown is both faster and cheaper."
      + ` Each itinerary of the front that is not shown is within ${(100 * data.epsilon).toFixed(1)} % of one that is, in both.${seasonal}`;
    at("stairs-legend").textContent = "Slopes are hauls, verticals are stops: the longer, the greater the delay or the payment. Bar: p10 to p90 of the selected itinerary. Method: UNESCAP Time/Cost-Distance.";
    at("footer").textContent = `landbridge ${data.meta.version}; data set ${data.meta.data_set.name} ${data.meta.data_set.version}, reference date ${data.meta.reference_date}`
      + `${data.meta.scenario ? `; scenario ${data.meta.scenario}` : ""}. Model output, not a quotation. The bundled data set is under the ODbL and contains data of OpenStreetMap contributors. Land: Natural Earth.`;
    fill("stairs-buttons", [["days", "Time"], ["usd", "Cost"]].map(([quantity, text]) => make("button", { type: "button", "data-quantity": quantity, on: { click: () => { state.quantity = quantity; drawStairs(); syncStairs(); } } }, text)));
  }
  function syncStairs() {
    at("stairs-title").textContent = state.quantity === "days" ? "Time over distance" : "Cost over distance";
    for (const button of at("stairs-buttons").children) button.setAttribute("aria-pressed", String(button.dataset.quantity === state.quantity));
  }
  function draw() {
    at("reading").textContent = chosen() ? tells(chosen()) : "No itinerary is shown.";
    for (const act of [syncChooser, drawLines, drawMapLegend, drawScatter, drawStairs, syncStairs, drawArrival, drawCauses, drawTable, drawQueues, drawDetails, drawNotes]) act();
  }
  /* Another size changes the pictures only: sources that are open stay open. */
  let printing = false;
  function resize() {
    const width = printing ? 740 : Math.max(at("map").parentNode.clientWidth - 24, 260);
    const height = Math.round(printing ? 350 : Math.max(260, Math.min(width * 0.56, 640)));
    at("map").setAttribute("viewBox", `0 0 ${width} ${height}`);
    size = [width, height];
    zoom.extent([[0, 0], size]);
    fit(shown());
    for (const act of [drawScatter, drawStairs, drawArrival, drawCauses]) act();
  }
  for (const id of ["arrival-figure", "causes-figure"]) at(id).hidden = !items.some((item) => item.simulation);
  drawHead();
  drawChooser();
  resize();
  draw();
  let wide = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    if (document.documentElement.clientWidth !== wide) { wide = document.documentElement.clientWidth; resize(); }
  });
  addEventListener("beforeprint", () => { printing = true; resize(); });
  addEventListener("afterprint", () => { printing = false; resize(); });
})();
