/** The door for the tests of other packages: the parts of a trace one by one, which elsewhere are steps of something larger. */
export { viewOf } from "./tensor/viewOf.ts";
export { bisect } from "./trace/bisect.ts";
export { checkSumTiles, sumTileBytes } from "./trace/checkSumTiles.ts";
export { closureOf } from "./trace/closureOf.ts";
export { executeOpening, openTile } from "./trace/openTile.ts";
export { checkTiles, tileCosts } from "./trace/tileCosts.ts";
export { traceStep } from "./trace/traceStep.ts";
