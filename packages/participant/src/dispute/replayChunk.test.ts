import { expect, test } from "vitest";
import { trainAgain, trainUpdate } from "./replayChunk.ts";
import { handInChunk } from "./testing/handInChunk.ts";

test("an update that its miner keeps back is made from public data, to the byte", async () => {
  const { trained, deps, submission } = await handInChunk();
  expect(await trainUpdate(deps, submission)).toEqual(trained.update);
});

test("an update of work that is wrong is made by nobody, and it is known in what the work differs", async () => {
  const { deps, submission } = await handInChunk();
  const other = new Uint8Array(32);
  const wrong = [
    { work: { ...submission, stepsRoot: other }, differs: "steps" },
    { work: { ...submission, updateRoot: other }, differs: "update" },
  ];
  for (const { work, differs } of wrong) {
    expect((await trainAgain(deps, work)).differs).toBe(differs);
    const facts = { submission: 7n, differs };
    const refusal = { code: "SUBMISSION_WRONG", facts };
    await expect(trainUpdate(deps, work)).rejects.toMatchObject(refusal);
  }
});
