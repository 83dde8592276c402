/** SHA-256 by Node's own code, two to four times as fast as the portable one on leaves of a tile. */
import { hash } from "node:crypto";
import type { Sha256 } from "@r3mes/protocol";

export const nodeSha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
