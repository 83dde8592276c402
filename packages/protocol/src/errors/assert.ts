/** Guards what a caller must guarantee. Stays on in production. What the world may do wrong has a code of its own. */
import { R3mesError } from "./R3mesError.ts";

export function assert(holds: boolean, condition: string): asserts holds {
  if (!holds) throw new R3mesError({ code: "ASSERTION_FAILED", condition });
}
