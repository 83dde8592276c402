/** Requests to a referee module and its answers, to the byte (spec/referee.md sections 2 and 3). */
import { R3mesError } from "@r3mes/protocol";

/** A run of leaves of one input: first, first + stride, .. */
export interface LeafRange {
  readonly slot: number;
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}

export interface RangeBytes {
  readonly slot: number;
  readonly first: number;
  /** Payloads of the leaves, in the order of the range. */
  readonly bytes: Uint8Array;
}

export interface RefereeRequest {
  readonly record: Uint8Array;
  readonly tile: number;
  readonly constants: Uint8Array;
  readonly inputs: readonly RangeBytes[];
}

const VERSION = 1;
const HEADER_BYTES = 32;
const ENTRY_BYTES = 16;

const round16 = (n: number): number => (n + 15) & ~15;

export function encodeRefereeRequest(request: RefereeRequest): Uint8Array {
  const { record, tile, constants, inputs } = request;
  const table = HEADER_BYTES + round16(record.length) + round16(constants.length);
  const payload = inputs.reduce((sum, { bytes }) => sum + round16(bytes.length), 0);
  const encoded = new Uint8Array(table + ENTRY_BYTES * inputs.length + payload);
  const view = new DataView(encoded.buffer);
  const total = inputs.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const header = [VERSION, tile, record.length, constants.length, inputs.length, total];
  header.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  encoded.set(record, HEADER_BYTES);
  encoded.set(constants, HEADER_BYTES + round16(record.length));
  let place = table + ENTRY_BYTES * inputs.length;
  inputs.forEach(({ slot, first, bytes }, i) => {
    [slot, first, place, bytes.length].forEach((word, field) => {
      view.setUint32(table + ENTRY_BYTES * i + 4 * field, word, true);
    });
    encoded.set(bytes, place);
    place += round16(bytes.length);
  });
  return encoded;
}

/** The answer of `closure`. */
export function decodeClosure(response: Uint8Array): { ranges: LeafRange[]; more: boolean } {
  const view = new DataView(response.buffer, response.byteOffset, response.byteLength);
  const count = response.length < 16 ? -1 : view.getUint32(0, true);
  if (count < 0 || response.length !== 16 + 16 * count) {
    throw new R3mesError({ code: "REFEREE_TRAPPED", bytes: response.length });
  }
  const ranges = Array.from({ length: count }, (_, i) => {
    const word = (field: number) => view.getUint32(16 + 16 * i + 4 * field, true);
    return { slot: word(0), first: word(1), count: word(2), stride: word(3) };
  });
  return { ranges, more: view.getUint32(4, true) === 1 };
}
