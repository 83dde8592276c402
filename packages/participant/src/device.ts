/** The door for a worker that computes and takes no part: a backend, without the chain and the store behind the other door. */
export { openBackend } from "./device/openBackend.ts";
