/** The schema of a setting that is secret: never shown, and never taken from a place others see. */
import { z } from "zod";
import { createSecret, type Secret } from "./createSecret.ts";

export function secretSetting(): z.ZodType<Secret, string> {
  return z.string().min(1).transform(createSecret).meta({ secret: true });
}
