/**
 * The door for a command that is over in a second: what it needs of a process, without the logs, metrics and settings of one that
 * stays, which take half a second to load.
 */
export { clockAgainstBlock } from "./clockAgainstBlock.ts";
export { fileFailure } from "./fileFailure.ts";
export { healthPaths } from "./healthPaths.ts";
export { makeFolder } from "./makeFolder.ts";
export { nearestName } from "./nearestName.ts";
export { readJournal } from "./openJournal.ts";
export { isAlive } from "./processBirth.ts";
export { readConfigFile } from "./readConfigFile.ts";
export { systemClock } from "./systemClock.ts";
export { writeWhole } from "./writeWhole.ts";
