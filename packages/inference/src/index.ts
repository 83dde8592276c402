/** The one door of the package. */
export { type AdapterTensors, adapterTensors } from "./adapter/adapterTensors.ts";
export {
  createPrefixScorer,
  type PrefixScorer,
  type ScorerDeps,
  type ScorerOptions,
} from "./generate/createPrefixScorer.ts";
export { type Ending, type GenerateOptions, generateTokens } from "./generate/generateTokens.ts";
export { GREEDY, type Sampling, sampleToken } from "./generate/sampleToken.ts";
