/** The door for the tests of other packages: the sampling that draws nothing. */
export { GREEDY } from "./generate/sampleToken.ts";
