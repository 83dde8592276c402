/** The door for the tests of other packages. */
export { limitFiles } from "./testing/limitFiles.ts";
