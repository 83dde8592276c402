/**
 * Set-up of every test file: property tests draw the same cases in every run, so that a commit passes or fails for good. New cases are
 * looked for by `npm run test:properties`, which sets the two variables below. What it finds becomes a test of its own.
 */
import fc from "fast-check";

const seed = Number(process.env.PROPERTY_SEED ?? 20_261_127);
const numRuns = Number(process.env.PROPERTY_CASES ?? 100);

fc.configureGlobal({ seed, numRuns });
