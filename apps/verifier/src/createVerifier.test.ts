import { DutyKind } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createVerifier } from "./createVerifier.ts";
import type { VerifierDeps } from "./verifierDeps.ts";

test("what one case waits for holds up no other", async () => {
  const asked: bigint[] = [];
  const duties = [4n, 5n].map((id) => ({
    ...{ kind: DutyKind.PINPOINT, id, fromHeight: 0n, endHeight: 60n },
  }));
  const query = {
    duties: async () => ({ duties }),
    beacon: async () => ({ current: { number: 1n, startHeight: 0n, endHeight: 1_000n } }),
    pools: async () => ({ pools: [] }),
    // Nobody offers what it needs, and nobody says so.
    case: ({ id }: { readonly id: bigint }) => {
      asked.push(id);
      return new Promise(() => undefined);
    },
  };
  const deps = { query, journal: { records: [] } } as unknown as VerifierDeps;
  const options = { chainId: "test-1", operator: "remes1one", owner: "remes1one" };
  const verifier = createVerifier(options, deps);
  for (let height = 1n; height < 4n; height += 1n) {
    await verifier.tick(height);
    await new Promise(setImmediate);
  }
  expect(asked).toEqual([4n, 5n]);
});
