import type { ChainMessage } from "@r3mes/chain-client";
import { challengeMessage, createDutyQueue, type Difference } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { Submission } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createUpdateTrainer, type UpdateTrainerDeps } from "./createUpdateTrainer.ts";

const update = Uint8Array.of(1, 2, 3);
const submission = { id: 7n, round: 2 } as Submission;
const steps = challengeMessage("me", 7n, "steps");

/** A verifier that finds a difference, or none, in whatever it trains again. */
function trainer(differs: Difference) {
  const found = {
    trained: 0,
    stored: [] as Uint8Array[],
    sent: [] as ChainMessage[],
    refused: 0,
    made: 0,
    refusal: {
      code: "NODE_UNREACHABLE",
      url: "http://x",
      reason: "it is silent",
    } as ConstructorParameters<typeof R3mesError>[0],
  };
  const log = { warn: () => undefined, info: () => undefined };
  const deps = {
    log,
    store: { put: async (bytes: Uint8Array) => void found.stored.push(bytes) },
    onUpdateMade: () => {
      found.made += 1;
    },
    async submit(messages: readonly ChainMessage[]) {
      if (found.refused > 0) {
        found.refused -= 1;
        throw new R3mesError(found.refusal);
      }
      found.sent.push(...messages);
    },
    async train() {
      found.trained += 1;
      return { update, differs };
    },
  } as unknown as UpdateTrainerDeps;
  const queue = createDutyQueue({ log } as never);
  return { train: createUpdateTrainer({ operator: "me" }, deps, queue), queue, found };
}

test("an update that nobody offers is made in its turn, and offered to everybody", async () => {
  const { train, queue, found } = trainer(null);
  const order: string[] = [];
  queue.begin({ name: "an audit", endHeight: 5n }, async () => {
    await new Promise(setImmediate);
    order.push("audit");
  });
  await train(submission, 9n).then(() => order.push("update"));
  expect(order).toEqual(["audit", "update"]);
  expect(found).toMatchObject({ trained: 1, made: 1, stored: [update], sent: [] });
});

test("work that turns out to be wrong is challenged once, and trained once", async () => {
  const { train, found } = trainer("steps");
  for (let block = 0; block < 2; block += 1) {
    await expect(train(submission, 9n)).rejects.toMatchObject({
      ...{ code: "SUBMISSION_WRONG", facts: { submission: 7n, differs: "steps" } },
    });
  }
  expect(found).toMatchObject({ trained: 1, made: 0, stored: [], sent: [steps] });
});

test("two duties that want an update at once have it, trained once", async () => {
  const { train, found } = trainer(null);
  expect(await Promise.all([train(submission, 9n), train(submission, 9n)])).toEqual([
    update,
    update,
  ]);
  expect(found).toMatchObject({ trained: 1, made: 1 });
});

test("a challenge that could not be sent is sent when the sum is tried again", async () => {
  const { train, found } = trainer("steps");
  found.refused = 1;
  await expect(train(submission, 9n)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  await expect(train(submission, 9n)).rejects.toMatchObject({ code: "SUBMISSION_WRONG" });
  expect(found).toMatchObject({ trained: 1, sent: [steps] });
});

test("work that this verifier had challenged before it was killed, or that no more may challenge, counts as challenged", async () => {
  for (const code of ["CHALLENGE_EXISTS", "CHALLENGE_QUEUE_FULL"] as const) {
    const { train, found } = trainer("steps");
    found.refused = 1;
    found.refusal = { code } as typeof found.refusal;
    await expect(train(submission, 9n)).rejects.toMatchObject({ code: "SUBMISSION_WRONG" });
    await expect(train(submission, 9n)).rejects.toMatchObject({ code: "SUBMISSION_WRONG" });
    expect(found).toMatchObject({ trained: 1, refused: 0, sent: [] });
  }
});
