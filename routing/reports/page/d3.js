// What the page takes from d3; build.sh bundles it into d3.min.js.
export { axisBottom, axisLeft } from "d3-axis";
export { geoGraticule, geoNaturalEarth1, geoPath } from "d3-geo";
export { scaleLinear } from "d3-scale";
export { select } from "d3-selection";
export { zoom, zoomIdentity } from "d3-zoom";
