/** A key as replies describe it: everything but its text. */
import { z } from "zod";
import { scope } from "../access/access.ts";
import type { KeyRecord } from "./createKeys.ts";

export const keyReply = z
  .object({
    id: z.string(),
    kind: z.enum(["key", "session"]).describe("A session was opened by a wallet's signature."),
    prefix: z.string().describe("The first characters of the key."),
    label: z.string(),
    scopes: z.array(scope),
    models: z.array(z.string()).nullable().describe("The models that it may ask; null for all."),
    cap: z.int().nullable().describe("Credits that it may spend in all."),
    spent: z.int(),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
    previous_ends_at: z
      .string()
      .nullable()
      .describe("Until when the text before the last rotation is taken; null if there was none."),
  })
  .meta({ id: "Key" });

export function describeKey(record: KeyRecord): z.infer<typeof keyReply> {
  const at = (date: Date | null) => date?.toISOString() ?? null;
  return {
    id: record.id,
    kind: record.kind,
    prefix: record.prefix,
    label: record.label,
    scopes: record.scopes as z.infer<typeof scope>[],
    models: record.models,
    cap: record.cap,
    spent: record.spent,
    created_at: record.createdAt.toISOString(),
    expires_at: at(record.expiresAt),
    revoked_at: at(record.revokedAt),
    last_used_at: at(record.lastUsedAt),
    previous_ends_at: at(record.previousEndsAt),
  };
}
