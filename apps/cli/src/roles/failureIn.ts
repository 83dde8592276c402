/** Why a process ends is one line of JSON on its standard error; other lines are words of the host or of a library. */
import { ERRORS, type ErrorCode, type Fact, R3mesError } from "@r3mes/protocol";
import { z } from "zod";

const report = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === "string" && Object.hasOwn(ERRORS, code)),
  facts: z.record(z.string(), z.custom<Fact>()),
});

export function failureIn(line: string): R3mesError | undefined {
  const { data } = report.safeParse(jsonIn(line));
  return data === undefined ? undefined : new R3mesError({ ...data.facts, code: data.code });
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
