/**
 * SHA-256 that answers on the thread that asks. A digest that another thread of the host brings comes at a time of its own, and a seed
 * would have many histories.
 */
import { nodeSha256 } from "@r3mes/engine/node";
import type { Sha256 } from "@r3mes/protocol";

const { each } = nodeSha256;

export const sha256OnThread: Sha256 = Object.assign(
  (bytes: Uint8Array) => nodeSha256(bytes),
  each === undefined ? {} : { each },
);
