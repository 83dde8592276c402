import type { Session } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { expect, test, vi } from "vitest";
import { openTinySession, tinyAdapter, tinyLeasedChunk, tinyPlan } from "../testing/tinyPool.ts";
import { encodeState } from "./chunkState.ts";
import { trainChunk } from "./trainChunk.ts";

const start = (chunk: number) => ({
  plan: tinyPlan,
  leased: tinyLeasedChunk(1, chunk),
  adapter: tinyAdapter(),
});

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
  const training = trainChunk(watched, start(0), {
    ...{ onState, hash: nodeSha256 },
  });
  await expect(training).rejects.toThrow("the disk is full");
  expect(running).toBe(0);
});

test("an update that cannot be made ends the chunk once its last state is handed on", async () => {
  let isLast = false;
  let isHandedOn = false;
  const training = trainChunk(await openTinySession(), start(0), {
    async onState(t) {
      isLast = t === tinyPlan.localSteps;
      await new Promise(setImmediate);
      isHandedOn = isLast;
    },
    hash(bytes) {
      if (isLast) throw new Error("no memory for a hash");
      return nodeSha256(bytes);
    },
  });
  await expect(training).rejects.toThrow("no memory for a hash");
  expect(isHandedOn).toBe(true);
});

test("a last state that cannot be handed on is heard of where the update fails as well", async () => {
  let isLast = false;
  const training = trainChunk(await openTinySession(), start(0), {
    async onState(t) {
      isLast = t === tinyPlan.localSteps;
      await new Promise(setImmediate);
      if (isLast) throw new Error("the disk is full");
    },
    hash(bytes) {
      if (isLast) throw new Error("no memory for a hash");
      return nodeSha256(bytes);
    },
  });
  await expect(training).rejects.toThrow("the disk is full");
});

/** Does what it is asked in the order of asking, and lends its memory: `owned` are the pieces that it has lent and not got back. */
function queued(session: Session, owned = new Set<ArrayBufferLike>()): Session {
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    ...session,
    isQueued: true,
    write: (name, bytes, rows) => void inOrder(async () => session.write(name, bytes, rows)),
    run: (observe, only) => inOrder(() => session.run(observe, only)),
    read: (name, rows) => inOrder(() => session.read(name, rows)),
    readAll: (names) =>
      inOrder(async () => {
        const bytes = new Uint8Array(
          Buffer.concat(await Promise.all(names.map((name) => session.read(name)))),
        );
        owned.add(bytes.buffer);
        return bytes;
      }),
    giveBack(bytes) {
      if (!owned.delete(bytes.buffer)) throw new Error("that was never lent");
      structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] });
    },
  };
}

test("steps that are asked ahead, in memory that is used again, give the same chunk", async () => {
  const session = await openTinySession();
  const train = async (on: Session, reusesStates: boolean) => {
    const states: Uint8Array[] = [];
    const trained = await trainChunk(on, start(0), {
      ...{ hash: nodeSha256, reusesStates },
      onState: async (t, state) => {
        await new Promise(setImmediate);
        states[t] = encodeState(state).slice();
      },
    });
    return { ...trained, states };
  };
  const owned = new Set<ArrayBufferLike>();
  const plain = await train(session, false);
  expect(await train(queued(session, owned), true)).toEqual(plain);
  expect(plain.states.length).toBe(tinyPlan.localSteps + 1);
  expect(owned.size).toBe(0);
});

test("it is told when a session with a queue knows of all steps: a chunk that is asked for then follows the last of them", async () => {
  const session = queued(await openTinySession());
  const train = (chunk: number, onAllAsked?: () => void) =>
    trainChunk(session, start(chunk), {
      ...{ hash: nodeSha256, reusesStates: true },
      ...(onAllAsked === undefined ? {} : { onAllAsked }),
    });
  const alone = [await train(0), await train(1)];
  let second: ReturnType<typeof train> | undefined;
  let asked = 0;
  const first = await train(0, () => {
    asked += 1;
    second = train(1);
  });
  expect([first, await second]).toEqual(alone);
  expect(asked).toBe(1);
});

test("a session without a queue is free when its chunk is done, and not told of before", async () => {
  const onAllAsked = vi.fn();
  await trainChunk(await openTinySession(), start(0), {
    ...{ hash: nodeSha256, onAllAsked },
  });
  expect(onAllAsked).not.toHaveBeenCalled();
});

test("steps that were asked ahead are over when one of them has failed", async () => {
  const session = await openTinySession();
  let [began, ended] = [0, 0];
  const failing = queued({
    ...session,
    async run() {
      began += 1;
      await new Promise(setImmediate);
      ended += 1;
      if (began === 1) throw new Error("the device is gone");
    },
  });
  const training = trainChunk(failing, start(0), {
    hash: nodeSha256,
  });
  await expect(training).rejects.toThrow("the device is gone");
  expect([began, ended]).toEqual([3, 3]);
});

test("a device that ends while a state is being kept fails the chunk alone, with all that was asked ahead", async () => {
  const session = await openTinySession();
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  const isGone = async () => {
    throw new Error("the device is gone");
  };
  const gone: Session = { ...session, isQueued: true, run: isGone, readAll: isGone };
  const training = trainChunk(gone, start(0), {
    hash: nodeSha256,
    async onState() {
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    },
  });
  await expect(training).rejects.toThrow("the device is gone");
  process.off("unhandledRejection", unheard);
  expect(unheard).not.toHaveBeenCalled();
});
