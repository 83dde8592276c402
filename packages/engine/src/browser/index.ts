/** The engine's door to browsers: hosts for its backends, and a replay off the page's thread. */

export { startReplayer } from "./startReplayer.ts";
