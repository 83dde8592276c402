import type { Session } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { expect, test } from "vitest";
import { openTinySession, tinyAdapter, tinyPlan, tinyTask } from "../testing/tinyPool.ts";
import { trainChunk } from "./trainChunk.ts";

test("a state that cannot be handed on ends the chunk, and no step runs on behind that", async () => {
  const session = await openTinySession();
  let running = 0;
  const watched: Session = {
    ...session,
    async run(observe, only) {
      running += 1;
      // By then the state was refused.
      await new Promise(setImmediate);
      await session.run(observe, only);
      running -= 1;
    },
  };
  const onState = () => Promise.reject(new Error("the disk is full"));
  const training = trainChunk(watched, tinyPlan, tinyTask(1, 0), tinyAdapter(), {
    ...{ onState, hash: nodeSha256 },
  });
  await expect(training).rejects.toThrow("the disk is full");
  expect(running).toBe(0);
});
