import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "./openStore.ts";

const folder = join(tmpdir(), "r3mes-store-that-is-never-made");
const plan = {
  folder,
  listen: "/ip4/127.0.0.1/tcp/0",
  swarmKey: join(folder, "key"),
  owner: "one",
};

test("a swarm's key that is not there is named, and a Kubo needs none", async () => {
  await expect(openStore(plan)).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    facts: { path: plan.swarmKey },
  });
  const kubo = "http://127.0.0.1:1";
  await expect(openStore({ ...plan, kubo })).rejects.toMatchObject({
    code: "STORE_UNREACHABLE",
    facts: { url: kubo },
  });
});
