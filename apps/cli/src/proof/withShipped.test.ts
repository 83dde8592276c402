import { contentOf } from "@r3mes/participant";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { putGenesis } from "../founding/putGenesis.ts";
import { withShipped } from "./withShipped.ts";

test("the shipped model is found by the address that a founder registers, and asked of nobody", async () => {
  const registered = contentIdToBytes(await putGenesis(memoryStore()));
  const empty = memoryStore();
  await expect(contentOf(empty).openFolder(registered)).rejects.toMatchObject({
    code: "CONTENT_UNAVAILABLE",
  });
  let times = 0;
  const content = withShipped(contentOf(empty), async () => {
    times += 1;
    await putGenesis(empty);
  });
  const files = await content.openFolder(registered);
  expect([...files.keys()]).toEqual(["backbone.bin", "model.json", "tokenizer.json"]);
  const manifest = await content.get(files.get("model.json")!, 2 ** 20);
  expect(JSON.parse(new TextDecoder().decode(manifest))).toMatchObject({ name: "genesis" });
  await content.openFolder(registered);
  expect(times).toBe(1);
});
