/**
 * SHA-256 that answers on the thread that asks. A digest that another thread of the host brings comes at a time of its own, and a seed
 * would have many histories.
 */
import { sha256Of } from "@r3mes/models/node";
import type { Sha256 } from "@r3mes/protocol";

const { each } = sha256Of;

export const sha256OnThread: Sha256 = Object.assign(
  (bytes: Uint8Array) => sha256Of(bytes),
  each === undefined ? {} : { each },
);
