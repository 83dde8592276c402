/** The one form of every error reply, which OpenAI's clients can read. */
import type { R3mesError } from "@r3mes/protocol";
import { z } from "zod";
import { meaningOf } from "./errorStatus.ts";

export const errorBody = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string().describe("OpenAI's class of errors."),
      code: z.string().describe("OpenAI's word where it has one, else `r3mes_code` in lower case."),
      param: z.string().nullable().describe("The field of the request that is at fault."),
      r3mes_code: z.string().describe("The code of the error catalogue."),
      hint: z.string().describe("What to do about it."),
      request_id: z.string(),
    }),
  })
  .meta({ id: "ErrorBody" });

export type ErrorBody = z.infer<typeof errorBody>;

export function bodyOf(error: R3mesError, requestId: string): ErrorBody {
  const { type, code } = meaningOf(error.code);
  const { field } = error.facts;
  return {
    error: {
      message: error.message,
      type,
      code: code ?? error.code.toLowerCase(),
      param: typeof field === "string" ? field : null,
      r3mes_code: error.code,
      hint: error.next,
      request_id: requestId,
    },
  };
}
