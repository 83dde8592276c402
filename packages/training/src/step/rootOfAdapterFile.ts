/** The root of an adapter's file, of which only the program is known. */
import type { Program } from "@r3mes/engine";
import type { Hash, Sha256 } from "@r3mes/protocol";
import { decodeAdapter } from "../adapter/adapter.ts";
import { rootOfAdapter } from "./chunkState.ts";

/**
 * @param program a training program of the adapter's shape and optimizer, of any batch
 * @throws ADAPTER_FILE_INVALID if the file has another length
 */
export function rootOfAdapterFile(program: Program, bytes: Uint8Array, hash?: Sha256): Hash {
  return rootOfAdapter({ program }, decodeAdapter({ program }, bytes), hash);
}
