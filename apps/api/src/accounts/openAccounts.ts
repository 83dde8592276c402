/** Accounts as a process has them: keys, credit, sign-in, faucet and rates, over one database. It decides nothing. */
import { join, resolve } from "node:path";
import type { ChainRpc } from "@r3mes/chain-client";
import type { Database } from "@r3mes/database";
import { openKeyFile } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { type Clock, type HealthCheck, type Logger, systemRandomness } from "@r3mes/service";
import type { Access } from "../access/access.ts";
import { createAccess } from "../access/createAccess.ts";
import { openRedis } from "../access/openRedis.ts";
import { memoryRates, redisRates } from "../access/rates.ts";
import type { ApiSettings } from "../apiSettings.ts";
import { createFaucet, type Faucet } from "../faucet/createFaucet.ts";
import { faucetChain } from "../faucet/faucetChain.ts";
import { createKeys, type Keys } from "./createKeys.ts";
import { createLedger } from "./createLedger.ts";
import { createSignIn, type SignIn } from "./createSignIn.ts";
import { newIdFrom } from "./newId.ts";
import { openLocalAccount } from "./openLocalAccount.ts";

export interface OpenedAccounts {
  readonly keys: Keys;
  readonly access: Access;
  readonly signIn: SignIn;
  readonly faucet?: Faucet;
  /** The key of this installation, and whether it was made now. */
  readonly localKey: { readonly text: string; readonly isNew: boolean };
  readonly checks: readonly HealthCheck[];
  /** End what processes that are gone have left. Each is to be called again and again; one may wait for the chain. */
  readonly chores: readonly Chore[];
  close(): void;
}

export interface Chore {
  readonly name: string;
  run(): Promise<unknown>;
}

export interface AccountsDeps {
  readonly folder: string;
  readonly localKeyFile: string;
  readonly settings: ApiSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Absent where no chain is followed. */
  readonly rpc?: ChainRpc;
}

const hourMs = 3_600_000;

export async function openAccounts(deps: AccountsDeps): Promise<OpenedAccounts> {
  const { folder, settings, database, clock, log, rpc } = deps;
  const randomness = systemRandomness;
  const newId = newIdFrom(randomness);
  const ledger = createLedger({ database, clock, newId });
  const keys = createKeys(settings.accounts, { database, clock, randomness, newId });
  const { url } = settings.redis;
  const redis = url === undefined ? undefined : openRedis(url.reveal(), log);
  const rates = redis === undefined ? memoryRates() : redisRates(redis);
  const { domain, sessionHours, welcomeCredits } = settings.accounts;
  const signIn = createSignIn(
    { domain, sessionMs: sessionHours * hourMs, welcomeCredits },
    { database, clock, randomness, newId, keys, ledger, chainId: chainIdOf(rpc) },
  );
  const faucet = await openFaucet(deps, newId);
  // Nobody else uses the files of PGlite: whatever is set aside in them was left by a process that has ended.
  await ledger.release({ all: database.kind === "pglite" });
  const localKey = await openLocalAccount(join(folder, deps.localKeyFile), {
    database,
    keys,
    ledger,
    clock,
  });
  return {
    keys,
    access: createAccess(settings.http, { keys, ledger, rates }),
    signIn,
    ...(faucet === undefined ? {} : { faucet }),
    localKey,
    checks: redis === undefined ? [] : [{ name: "redis", required: false, check: redis.check }],
    chores: [
      { name: "renew reservations", run: ledger.renew },
      { name: "give back credit", run: () => ledger.release({ all: false }) },
      ...(faucet === undefined ? [] : [{ name: "finish gifts", run: faucet.recover }]),
    ],
    close: () => redis?.close(),
  };
}

/** Asked of the node once: a process follows one chain, and signing in goes on while the node is away. */
function chainIdOf(rpc: ChainRpc | undefined): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    if (rpc === undefined) throw new R3mesError({ code: "SIGN_IN_CLOSED" });
    known ??= (await rpc.status()).chainId;
    return known;
  };
}

function missing(key: string, reason: string): R3mesError {
  return new R3mesError({ code: "CONFIG_INVALID", key, origin: "default", reason });
}

async function openFaucet(
  { folder, settings, database, clock, rpc }: AccountsDeps,
  newId: ReturnType<typeof newIdFrom>,
): Promise<Faucet | undefined> {
  const { keyFile, password, uremes, uremesPerDay, cooldownS } = settings.faucet;
  if (keyFile === undefined) return undefined;
  if (password === undefined) throw missing("faucet.password", "it opens the faucet's key");
  if (rpc === undefined) throw missing("chain.rpc", "the faucet pays on a chain");
  const key = await openKeyFile(resolve(folder, keyFile), password.reveal());
  return createFaucet(
    { uremes: BigInt(uremes), uremesPerDay: BigInt(uremesPerDay), cooldownS },
    { database, clock, newId, chain: faucetChain(key, { rpc, clock }) },
  );
}
