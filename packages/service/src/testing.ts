/** The door for the tests of other packages: time and chance that a test decides, secrets, processes, a disk that is full. */
export { createSecret } from "./createSecret.ts";
export { processBirth } from "./processBirth.ts";
export { limitFiles } from "./testing/limitFiles.ts";
export { type ManualClock, manualClock } from "./testing/manualClock.ts";
export { manualRandomness } from "./testing/manualRandomness.ts";
