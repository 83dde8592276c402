/** The host's hash, many times as fast as the portable one. */
export { nodeSha256 as sha256Of } from "@r3mes/engine/node";
