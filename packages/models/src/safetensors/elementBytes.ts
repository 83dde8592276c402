/**
 * Bytes of one element of each safetensors element type. Types of less than a byte are not in the list: a file that
 * holds one is refused by name.
 */
export const ELEMENT_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

export function isElementType(name: unknown): name is ElementType {
  return typeof name === "string" && Object.hasOwn(ELEMENT_BYTES, name);
}
