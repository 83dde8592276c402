/** A file on disk, read in pieces. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import type { ByteSource } from "../safetensors/byteSource.ts";

/** A file on disk as a source of bytes; whoever opens it closes it. */
export type OpenByteSource = ByteSource & { close(): Promise<void> };

/** @throws FILE_UNREADABLE */
export async function openByteSource(path: string): Promise<OpenByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
  const { size } = await handle.stat();
  const readInto = async (offset: number, target: Uint8Array) => {
    for (let filled = 0; filled < target.length; ) {
      const left = target.length - filled;
      const { bytesRead } = await handle.read(target, filled, left, offset + filled);
      if (bytesRead === 0) {
        throw new R3mesError({ code: "FILE_UNREADABLE", path, reason: "it became shorter" });
      }
      filled += bytesRead;
    }
  };
  return {
    name: basename(path),
    length: size,
    readInto,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      await readInto(offset, bytes);
      return bytes;
    },
    close: () => handle.close(),
  };
}
