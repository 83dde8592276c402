import type { Client } from "@connectrpc/connect";
import type { Query } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { listAll } from "./listAll.ts";

interface Request {
  readonly poolId: bigint;
  readonly pagination: { readonly key: Uint8Array };
}

test("pages are asked for until none follows, and each once", async () => {
  const pages: Readonly<Record<string, object>> = {
    "": { rounds: [1, 2], pagination: { nextKey: Uint8Array.of(7) } },
    "7": { rounds: [3], pagination: { nextKey: Uint8Array.of(8) } },
    "8": { rounds: [4] },
  };
  const asked: string[] = [];
  const query = {
    async rounds({ poolId, pagination }: Request) {
      asked.push(`${poolId}:${pagination.key.join()}`);
      return pages[pagination.key.join()]!;
    },
  } as unknown as Pick<Client<typeof Query>, "rounds">;
  expect(await listAll(query, "rounds", { poolId: 3n })).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual(["3:", "3:7", "3:8"]);
});
