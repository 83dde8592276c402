import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createContentFacts } from "./createContentFacts.ts";

const patient = { waitMs: 60_000, factsMax: 100 };

test("a figure is worked out once, however many ask", async () => {
  const facts = createContentFacts(patient);
  let times = 0;
  const work = async () => {
    times += 1;
    return 7;
  };
  expect(await Promise.all([facts.of("seven", work), facts.of("seven", work)])).toEqual([7, 7]);
  expect(await facts.of("seven", work)).toBe(7);
  expect(times).toBe(1);
});

test("a figure that takes longer than anybody waits is unknown, and known to who asks later", async () => {
  const facts = createContentFacts({ ...patient, waitMs: 1 });
  let arrive = (_bytes: number): void => undefined;
  const work = () =>
    new Promise<number>((resolve) => {
      arrive = resolve;
    });
  expect(await facts.of("size", work)).toBeNull();
  arrive(12);
  await expect.poll(() => facts.of("size", work)).toBe(12);
});

test("content that nobody offers is unknown, and looked for again", async () => {
  const facts = createContentFacts(patient);
  const missing = async () => {
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "bafy" });
  };
  expect(await facts.of("size", missing)).toBeNull();
  expect(await facts.of("size", async () => 3)).toBe(3);
});

test("content that is not what it should be is an error", async () => {
  const facts = createContentFacts(patient);
  const corrupt = async () => {
    throw new R3mesError({ code: "CONTENT_CORRUPT", cid: "bafy" });
  };
  await expect(facts.of("size", corrupt)).rejects.toMatchObject({ code: "CONTENT_CORRUPT" });
});
