/**
 * Reads the table of contents of a safetensors file and refuses every file whose table is not exact: the tensors must tile the
 * data without gap, overlap or rest. It never reads tensor data and reserves memory only for a header within the limit.
 *
 * Source: the safetensors format, https://huggingface.co/docs/safetensors (8 bytes length, JSON header, data).
 */
import { LIMITS, R3mesError } from "@r3mes/protocol";
import { decodeText } from "../text/decodeText.ts";
import type { ByteSource } from "./byteSource.ts";
import { ELEMENT_BYTES, type ElementType, isElementType } from "./elementBytes.ts";

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Offset of its first byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}

const LENGTH_BYTES = 8;

/**
 * @returns the tensors in the order of their data
 * @throws CHECKPOINT_TRUNCATED, CHECKPOINT_HEADER_TOO_LARGE, CHECKPOINT_HEADER_INVALID, CHECKPOINT_OFFSETS_INVALID
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<TensorEntry[]> {
  const file = source.name;
  if (source.length < LENGTH_BYTES) {
    throw new R3mesError({
      code: "CHECKPOINT_TRUNCATED",
      file,
      bytes: source.length,
      bytesNeeded: LENGTH_BYTES,
    });
  }
  const length = headerLength(await source.read(0, LENGTH_BYTES), file);
  const dataOffset = LENGTH_BYTES + length;
  if (dataOffset > source.length) {
    throw new R3mesError({
      code: "CHECKPOINT_TRUNCATED",
      file,
      bytes: source.length,
      bytesNeeded: dataOffset,
    });
  }
  const header = parseHeader(await source.read(LENGTH_BYTES, length), file);
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => readEntry(name, entry, dataOffset, file));
  tensors.sort((a, b) => a.offset - b.offset || a.bytes - b.bytes);
  checkTiling(tensors, dataOffset, source);
  return tensors;
}

function headerLength(bytes: Uint8Array, file: string): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(LIMITS.safetensorsHeaderBytesMax)) {
    throw new R3mesError({
      code: "CHECKPOINT_HEADER_TOO_LARGE",
      file,
      bytes: length,
      limit: LIMITS.safetensorsHeaderBytesMax,
    });
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, file: string): { readonly [name: string]: unknown } {
  const text = decodeText(bytes);
  const header = text === undefined ? undefined : parseJson(text);
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw new R3mesError({ code: "CHECKPOINT_HEADER_INVALID", file });
  }
  return header as { readonly [name: string]: unknown };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readEntry(tensor: string, entry: unknown, dataOffset: number, file: string): TensorEntry {
  const fields = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const { dtype: type, shape, data_offsets: offsets } = fields;
  if (!isElementType(type) || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw new R3mesError({ code: "CHECKPOINT_HEADER_INVALID", file, tensor });
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, extent) => product * extent, ELEMENT_BYTES[type]);
  if (end - begin !== bytes) {
    throw new R3mesError({
      code: "CHECKPOINT_OFFSETS_INVALID",
      file,
      tensor,
      expected: bytes,
      found: end - begin,
    });
  }
  return { name: tensor, type, shape, offset: dataOffset + begin, bytes };
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)
  );
}

/** Every byte after the header belongs to exactly one tensor. */
function checkTiling(
  tensors: readonly TensorEntry[],
  dataOffset: number,
  source: ByteSource,
): void {
  let position = dataOffset;
  for (const { name, offset, bytes } of tensors) {
    if (offset !== position) {
      throw new R3mesError({
        code: "CHECKPOINT_OFFSETS_INVALID",
        file: source.name,
        tensor: name,
        expected: position - dataOffset,
        found: offset - dataOffset,
      });
    }
    position += bytes;
  }
  if (position > source.length) {
    throw new R3mesError({
      code: "CHECKPOINT_TRUNCATED",
      file: source.name,
      bytes: source.length,
      bytesNeeded: position,
    });
  }
  if (position < source.length) {
    throw new R3mesError({
      code: "CHECKPOINT_OFFSETS_INVALID",
      file: source.name,
      expected: source.length - dataOffset,
      found: position - dataOffset,
    });
  }
}
