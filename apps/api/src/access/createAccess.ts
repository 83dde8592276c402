/** Who may ask: an address and a key are counted, a key is found, its credit is set aside. */
import { R3mesError } from "@r3mes/protocol";
import type { Keys } from "../accounts/createKeys.ts";
import type { Ledger } from "../accounts/createLedger.ts";
import type { Access } from "./access.ts";
import { isThisMachine } from "./inRanges.ts";
import { networkOf } from "./networkOf.ts";
import { memoryRates, type Rates } from "./rates.ts";

export interface AccessOptions {
  readonly requestsPerMinute: number;
  /** Of one address, whatever keys it uses; also what it may guess. */
  readonly requestsPerMinuteOfAddress: number;
  /** Of what needs no key, by one address, in each process. */
  readonly readsPerMinuteOfAddress: number;
  /** Of one address without a key: sign-ins and gifts. */
  readonly knocksPerMinute: number;
}

export interface AccessDeps {
  readonly keys: Pick<Keys, "find">;
  readonly ledger: Pick<Ledger, "reserve">;
  readonly rates: Rates;
}

export function createAccess(options: AccessOptions, { keys, ledger, rates }: AccessDeps): Access {
  const ofKeys = rates.limiter("key", options.requestsPerMinute);
  const ofAddresses = rates.limiter("address", options.requestsPerMinuteOfAddress);
  const ofKnocks = rates.limiter("knock", options.knocksPerMinute);
  // Another server would take longer to count a read than the read takes.
  const ofReads = memoryRates().limiter("read", options.readsPerMinuteOfAddress);
  return {
    async read(address) {
      if (!isThisMachine(address)) await ofReads(networkOf(address));
    },
    async knock(address) {
      const network = networkOf(address);
      await ofAddresses(network);
      await ofKnocks(network);
    },
    async admit({ authorization, address }, scope) {
      await ofAddresses(networkOf(address));
      const text = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
      if (text === undefined) throw new R3mesError({ code: "KEY_MISSING" });
      const key = await keys.find(text, scope);
      const rate = await ofKeys(key.id);
      const owner = { id: key.id, account: key.accountId };
      return {
        key: key.id,
        account: key.accountId,
        rate,
        models: key.models,
        reserve: (credits) => ledger.reserve(owner, credits),
      };
    },
  };
}
