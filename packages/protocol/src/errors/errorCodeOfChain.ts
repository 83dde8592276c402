/** Reads the chain's numeric codes back into codes of the catalogue. */
import { ERRORS, type ErrorCode } from "../gen/errors.ts";

const codes: ReadonlyMap<number, ErrorCode> = new Map(
  (Object.keys(ERRORS) as ErrorCode[]).flatMap((code) => {
    const { chain } = ERRORS[code];
    return chain === undefined ? [] : [[chain, code]];
  }),
);

/** The code that module `remes` registers under a number, or undefined when this build knows none. */
export function errorCodeOfChain(number: number): ErrorCode | undefined {
  return codes.get(number);
}
