import { expect, test } from "vitest";
import { memoryPeer } from "./memoryPeer.ts";

const content = new Uint8Array(3_000_000).map((_, i) => i % 251);
const options = { bytesMax: content.length };

function setup() {
  const holder = memoryPeer(async () => undefined);
  let isOnline = true;
  const asked: string[] = [];
  const reader = memoryPeer(async (hash) => {
    asked.push(hash);
    return isOnline ? holder.blocks.get(hash) : undefined;
  });
  const cut = () => {
    isOnline = false;
  };
  return { holder, reader, asked, cut };
}

test("what a peer lacks it fetches once, and then has", async () => {
  const { holder, reader, asked, cut } = setup();
  const id = await holder.put(content);
  expect(Buffer.compare(await reader.get(id, options), content)).toBe(0);
  const blocks = asked.length;
  cut();
  expect(Buffer.compare(await reader.get(id, options), content)).toBe(0);
  expect([asked.length, reader.blocks.size]).toEqual([blocks, holder.blocks.size]);
});

test("a block that nobody has is unavailable", async () => {
  const { holder, reader, cut } = setup();
  const id = await holder.put(content);
  cut();
  await expect(reader.get(id, options)).rejects.toMatchObject({ code: "CONTENT_UNAVAILABLE" });
});

test("of content whose peer left half way it is said how much came, and the rest alone is asked for again", async () => {
  const { holder, reader, asked, cut } = setup();
  const id = await holder.put(content);
  const came = [[...holder.blocks][0]!, [...holder.blocks].at(-1)!];
  for (const [hash, bytes] of came) reader.blocks.set(hash, bytes);
  cut();
  const facts = { cid: id, bytes: content.length, haveBytes: 1 << 20 };
  await expect(reader.get(id, options)).rejects.toMatchObject({
    code: "CONTENT_INCOMPLETE",
    facts,
  });
  await expect(reader.bring(id, options)).rejects.toMatchObject({ code: "CONTENT_INCOMPLETE" });
  expect(asked).not.toHaveLength(0);
  for (const [hash] of came) expect(asked).not.toContain(hash);
});

test("a block that rots is corrupt once, and is fetched again", async () => {
  const { holder, reader } = setup();
  const id = await holder.put(content);
  await reader.get(id, options);
  const [hash, bytes] = [...reader.blocks][1]!;
  reader.blocks.set(hash, bytes.slice(1));
  await expect(reader.get(id, options)).rejects.toMatchObject({ code: "CONTENT_CORRUPT" });
  expect(Buffer.compare(await reader.get(id, options), content)).toBe(0);
});

test("what nothing needs is forgotten", async () => {
  const { holder } = setup();
  const kept = await holder.put(content);
  const gone = await holder.put(content.slice(0, 10));
  expect(await holder.keepOnly([kept])).toBe(1);
  expect([await holder.has(kept), await holder.has(gone)]).toEqual([true, false]);
});
