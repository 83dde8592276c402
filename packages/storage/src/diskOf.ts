/** The disk that a folder lies on. */
import { statfs } from "node:fs/promises";

export interface Disk {
  /** A folder on it. */
  readonly path: string;
  /** What this process may still write. */
  freeBytes(): Promise<number>;
}

export function diskOf(path: string): Disk {
  return {
    path,
    async freeBytes() {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
  };
}
