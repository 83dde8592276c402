/** The door for the tests of other packages: a root that only the chain computes. */
export { updatesRoot } from "./merkle/roots.ts";
