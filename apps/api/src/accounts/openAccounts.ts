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
  /** Ends what processes that are gone have left. To be called at the start, and again and again. */
  tidy(options: { readonly isStart: boolean }): Promise<void>;
  close(): void;
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
    { database, clock, randomness, newId, keys, ledger, chainId: () => chainIdOf(rpc) },
  );
  const faucet = await openFaucet(deps, newId);
  // Nobody else uses the files of PGlite: whatever is set aside in them was left by a process that has ended.
  const tidy = async ({ isStart }: { readonly isStart: boolean }) => {
    await ledger.release({ all: isStart && database.kind === "pglite" });
    await faucet?.recover().catch((error: unknown) => {
      log.warn({ error }, "gifts of the faucet stay open");
    });
  };
  await tidy({ isStart: true });
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
    tidy,
    close: () => redis?.close(),
  };
}

async function chainIdOf(rpc: ChainRpc | undefined): Promise<string> {
  if (rpc === undefined) throw new R3mesError({ code: "SIGN_IN_CLOSED" });
  return (await rpc.status()).chainId;
}

async function openFaucet(
  { folder, settings, database, clock, rpc }: AccountsDeps,
  newId: ReturnType<typeof newIdFrom>,
): Promise<Faucet | undefined> {
  const { keyFile, password, uremes, uremesPerDay, cooldownS } = settings.faucet;
  if (keyFile === undefined || password === undefined || rpc === undefined) return undefined;
  const key = await openKeyFile(resolve(folder, keyFile), password.reveal());
  return createFaucet(
    { uremes: BigInt(uremes), uremesPerDay: BigInt(uremesPerDay), cooldownS },
    { database, clock, newId, chain: faucetChain(key, { rpc, clock }) },
  );
}
