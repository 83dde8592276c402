/**
 * A file that is read in pieces. The caller owns opening and closing it; readers of this package never hold more than the
 * piece that they asked for.
 */
export interface ByteSource {
  /** For messages: the file's name as its owner knows it. */
  readonly name: string;
  /** Bytes of the whole file. */
  readonly length: number;
  /** Exactly `length` bytes from `offset`. Both lie inside the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same, as many as the target takes and into it. */
  readInto(offset: number, target: Uint8Array): Promise<void>;
}
