/** The door for the tests of other packages: a model that is drawn from a seed. */
export { TINY_ADAPTER, TINY_SHAPE } from "./bitnet/tinyTraining.ts";
export { tinyWeights } from "./bitnet/tinyWeights.ts";
