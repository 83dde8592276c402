/** Keys and credit, for whoever holds a key that may do so. */
import { accounts, type Database } from "@r3mes/database";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Access, scope } from "../access/access.ts";
import type { RoutePlugin } from "../apiServer.ts";
import { errorBody } from "../errors/errorBody.ts";
import { admitted } from "../openai/admitted.ts";
import type { KeyRecord, Keys } from "./createKeys.ts";

export interface AccountDeps {
  readonly access: Access;
  readonly keys: Keys;
  readonly database: Pick<Database, "sql">;
}

const key = z
  .object({
    id: z.string(),
    prefix: z.string().describe("The first characters of the key."),
    label: z.string(),
    scopes: z.array(scope),
    cap: z.int().nullable().describe("Credits that it may spend in all."),
    spent: z.int(),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
  })
  .meta({ id: "Key" });

const credit = z
  .object({
    credits: z.int().describe("What the account can still spend."),
    reserved: z.int().describe("Set aside for answers that are under way."),
    key,
  })
  .meta({ id: "KeyCredit" });

const newKey = z
  .object({
    label: z.string().max(64).default(""),
    scopes: z.array(scope).min(1).default(["inference"]),
    cap: z.int().min(0).optional(),
    expires_at: z.iso.datetime().optional(),
  })
  .meta({ id: "NewKey" });

const failures = { 400: errorBody, 401: errorBody, 403: errorBody, 429: errorBody };
const shared = { tags: ["accounts"], security: [{ key: [] }] };

export function accountRoutes(deps: AccountDeps): RoutePlugin {
  return async (server) => {
    server.get(
      "/key",
      {
        schema: {
          ...shared,
          summary: "The key that asks: what it may do and what is left",
          response: { 200: credit, ...failures },
        },
      },
      async (request, reply) => {
        const caller = await admitted(deps.access, request, reply, "inference");
        const own = await deps.keys.list(caller.account);
        const table = accounts.accounts;
        const [account] = await deps.database.sql
          .select()
          .from(table)
          .where(eq(table.id, caller.account));
        const record = own.find(({ id }) => id === caller.key)!;
        const { credits, reserved } = account!;
        return { credits: credits - reserved, reserved, key: describeKey(record) };
      },
    );
    server.get(
      "/keys",
      {
        schema: {
          ...shared,
          summary: "All keys of the account",
          response: { 200: z.object({ data: z.array(key) }), ...failures },
        },
      },
      async (request, reply) => {
        const { account } = await admitted(deps.access, request, reply, "keys");
        return { data: (await deps.keys.list(account)).map(describeKey) };
      },
    );
    server.post(
      "/keys",
      {
        schema: {
          ...shared,
          summary: "Make a key; its text is shown this once",
          body: newKey,
          response: { 200: z.object({ key: z.string(), record: key }), ...failures },
        },
      },
      async (request, reply) => {
        const { account } = await admitted(deps.access, request, reply, "keys");
        const { label, scopes, cap, expires_at: end } = request.body;
        const { text, record } = await deps.keys.create({
          account,
          label,
          scopes,
          ...(cap === undefined ? {} : { cap }),
          ...(end === undefined ? {} : { expiresAt: new Date(end) }),
        });
        return { key: text, record: describeKey(record) };
      },
    );
    server.delete(
      "/keys/:id",
      {
        schema: {
          ...shared,
          summary: "Take a key back, at once",
          params: z.object({ id: z.string().max(64) }),
          response: { 200: key, 404: errorBody, ...failures },
        },
      },
      async (request, reply) => {
        const { account } = await admitted(deps.access, request, reply, "keys");
        return describeKey(await deps.keys.revoke(account, request.params.id));
      },
    );
  };
}

function describeKey(record: KeyRecord): z.infer<typeof key> {
  const at = (date: Date | null) => date?.toISOString() ?? null;
  return {
    id: record.id,
    prefix: record.prefix,
    label: record.label,
    scopes: record.scopes as z.infer<typeof scope>[],
    cap: record.cap,
    spent: record.spent,
    created_at: record.createdAt.toISOString(),
    expires_at: at(record.expiresAt),
    revoked_at: at(record.revokedAt),
    last_used_at: at(record.lastUsedAt),
  };
}
