/**
 * What a judge reads of a record: the layouts of the tensors that it touches. Kind and parameters stay bytes, so that nobody who
 * settles a dispute has to know an operation (spec/step-program.md sections 3 and 9).
 */
import {
  checkLimit,
  createReader,
  ELEMENT_TYPES,
  type ElementType,
  R3mesError,
  type TensorLayout,
  tensorDepth,
} from "@r3mes/protocol";

export interface DecodedRecord {
  /** The computed tensor. */
  readonly tensor: TensorLayout;
  /** By slot; an absent optional input is null. */
  readonly inputs: readonly (TensorLayout | null)[];
}

const ABSENT = 0xffffffff;
const TYPES = new Map(
  Object.entries(ELEMENT_TYPES).map(([type, code]) => [code as number, type as ElementType]),
);

/** Throws ENCODING_INVALID, or NUMBER_OUT_OF_RANGE or LIMIT_EXCEEDED for a tensor that cannot be. */
export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  checkLimit("operationRecordBytesMax", bytes.length);
  const reader = createReader(bytes);
  reader.u16();
  reader.u8();
  const inputCount = reader.u8();
  const parameters = reader.u8();
  const tensor = readTensor(reader, reader.u32());
  const inputs = Array.from({ length: inputCount }, () => {
    const number = reader.u32();
    return number === ABSENT ? null : readTensor(reader, number);
  });
  for (let i = 0; i < parameters; i++) reader.u32();
  reader.end();
  return { tensor, inputs };
}

/** The fields of a tensor behind its number. */
function readTensor(reader: ReturnType<typeof createReader>, number: number): TensorLayout {
  const code = reader.u8();
  const type = TYPES.get(code);
  if (type === undefined)
    throw new R3mesError({ code: "ENCODING_INVALID", tensor: number, type: code });
  const layout: TensorLayout = {
    tensor: number,
    type,
    shape: [reader.u32(), reader.u32()],
    tile: [reader.u16(), reader.u16()],
  };
  tensorDepth(layout);
  return layout;
}
