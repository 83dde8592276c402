/** Keys and credit, for whoever holds a key that may do so. */
import { accounts, type Database } from "@r3mes/database";
import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { type Access, scope } from "../access/access.ts";
import type { ApiServer, RoutePlugin } from "../apiServer.ts";
import { errorBody } from "../errors/errorBody.ts";
import { admitted } from "../openai/admitted.ts";
import type { Keys } from "./createKeys.ts";
import { describeKey, keyReply } from "./keyReply.ts";

export interface AccountDeps {
  readonly access: Access;
  readonly keys: Keys;
  readonly database: Pick<Database, "sql">;
}

const balance = {
  credits: z.int().describe("What the account can still spend."),
  reserved: z.int().describe("Set aside for answers that are under way."),
};

const keyCredit = z.object({ ...balance, key: keyReply }).meta({ id: "KeyCredit" });

const account = z
  .object({
    id: z.string(),
    address: z.string().nullable().describe("Who signs in for it; null for an installation."),
    ...balance,
    created_at: z.string(),
    entries: z
      .array(
        z.object({
          id: z.string(),
          key: z.string().nullable().describe("The key that spent."),
          kind: z.enum(["grant", "spend"]),
          credits: z.int().describe("Positive for a grant, negative for what was spent."),
          at: z.string(),
        }),
      )
      .describe("The newest changes of its credit, at most 100."),
  })
  .meta({ id: "OwnAccount" });

const newKey = z
  .object({
    label: z.string().max(64).default(""),
    scopes: z.array(scope).min(1).default(["inference"]),
    models: z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(32)
      .optional()
      .describe(
        "The models that it may ask, by name; `pool-1` stands for every version of that pool. All unless said.",
      ),
    cap: z.int().min(0).optional(),
    expires_at: z.iso.datetime().optional(),
  })
  .meta({ id: "NewKey" });

const rotation = z
  .object({
    grace_s: z
      .int()
      .min(0)
      .max(86_400)
      .default(0)
      .describe("How long the text that it has now is still taken, in seconds."),
  })
  .meta({ id: "Rotation" });

const madeKey = z
  .object({ key: z.string().describe("Its text, shown this once."), record: keyReply })
  .meta({ id: "MadeKey" });

const underWay =
  "It opens nothing from now on. What it asked for before goes on to its end and costs at most what was set aside for it.";

const keyId = z.object({ id: z.string().max(64) });
const entriesMax = 100;

const failures = { 400: errorBody, 401: errorBody, 403: errorBody, 429: errorBody };
const shared = { tags: ["accounts"], security: [{ key: [] }] };

export function accountRoutes(deps: AccountDeps): RoutePlugin {
  return async (server) => {
    addOwnKey(server, deps);
    addAccount(server, deps);
    addKeys(server, deps);
    addChanges(server, deps);
  };
}

function addOwnKey(server: ApiServer, { access, keys, database }: AccountDeps): void {
  server.get(
    "/key",
    {
      schema: {
        ...shared,
        summary: "The key that asks: what it may do and what is left",
        response: { 200: keyCredit, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, null);
      const own = await keys.list(caller.account);
      const { credits, reserved } = await accountOf(database, caller.account);
      const key = describeKey(own.find(({ id }) => id === caller.key)!);
      return { credits: credits - reserved, reserved, key };
    },
  );
  server.delete(
    "/key",
    {
      schema: {
        ...shared,
        summary: "Take back the key that asks, at once; for a session, sign out",
        description: underWay,
        response: { 200: keyReply, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, null);
      return describeKey(await keys.revoke(caller.account, caller.key));
    },
  );
}

function addAccount(server: ApiServer, { access, database }: AccountDeps): void {
  server.get(
    "/account",
    {
      schema: {
        ...shared,
        summary: "The account: whose it is, its credit, and how that changed",
        response: { 200: account, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, "keys");
      const record = await accountOf(database, caller.account);
      const table = accounts.entries;
      const entries = await database.sql
        .select()
        .from(table)
        .where(eq(table.accountId, caller.account))
        .orderBy(desc(table.createdAt))
        .limit(entriesMax);
      return {
        id: record.id,
        address: record.address,
        credits: record.credits - record.reserved,
        reserved: record.reserved,
        created_at: record.createdAt.toISOString(),
        entries: entries.map(({ id, keyId: key, kind, credits, createdAt }) => ({
          ...{ id, key, kind, credits },
          at: createdAt.toISOString(),
        })),
      };
    },
  );
}

function addKeys(server: ApiServer, { access, keys }: AccountDeps): void {
  server.get(
    "/keys",
    {
      schema: {
        ...shared,
        summary: "All keys and sessions of the account, the newest first",
        response: { 200: z.object({ data: z.array(keyReply) }), ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, "keys");
      return { data: (await keys.list(caller.account)).map(describeKey) };
    },
  );
  server.post(
    "/keys",
    {
      schema: {
        ...shared,
        summary: "Make a key; its text is shown this once",
        body: newKey,
        response: { 200: madeKey, 409: errorBody, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, "keys");
      const { label, scopes, models, cap, expires_at: end } = request.body;
      const { text, record } = await keys.create({
        account: caller.account,
        label,
        scopes,
        ...(models === undefined ? {} : { models }),
        ...(cap === undefined ? {} : { cap }),
        ...(end === undefined ? {} : { expiresAt: new Date(end) }),
      });
      return { key: text, record: describeKey(record) };
    },
  );
}

function addChanges(server: ApiServer, { access, keys }: AccountDeps): void {
  server.post(
    "/keys/:id/rotate",
    {
      schema: {
        ...shared,
        summary: "Give a key another text, shown this once; the one before ends now or in a while",
        params: keyId,
        body: rotation,
        response: { 200: madeKey, 404: errorBody, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, "keys");
      const graceMs = 1000 * request.body.grace_s;
      const { text, record } = await keys.rotate(caller.account, request.params.id, graceMs);
      return { key: text, record: describeKey(record) };
    },
  );
  server.delete(
    "/keys/:id",
    {
      schema: {
        ...shared,
        summary: "Take a key back, at once",
        description: underWay,
        params: keyId,
        response: { 200: keyReply, 404: errorBody, ...failures },
      },
    },
    async (request, reply) => {
      const caller = await admitted(access, request, reply, "keys");
      return describeKey(await keys.revoke(caller.account, request.params.id));
    },
  );
}

async function accountOf({ sql }: Pick<Database, "sql">, id: string) {
  const [account] = await sql.select().from(accounts.accounts).where(eq(accounts.accounts.id, id));
  return account!;
}
