/** The tiny model's step in a real browser, with and without shared memory: the bytes of the reference. */
import { type TinyTraining, tinyTraining } from "@r3mes/models";
import { type StatePlace, toHex } from "@r3mes/protocol";
import { requireServer } from "@r3mes/tools/requireServer";
import { beforeAll, expect, type TestContext, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { openBrowser } from "../testing/openBrowser.ts";
import { stateRootOf } from "../trace/stateRoot.ts";

const settings = { seed: 3, steps: 4, sequences: 2, length: 16 };
const place: StatePlace = { pool: 7n, round: 2n, chunk: 5n, t: 1 };

/**
 * The page replays step 1 of the same training as the reference. It reads the tensors by a session
 * that only records what is written into it.
 */
const page = `<!doctype html><title>replay</title><script type="module">
  import { startReplayer } from "/packages/engine/src/browser/index.ts";
  import { tinyTraining } from "/packages/models/src/bitnet/tinyTraining.ts";
  const training = tinyTraining(${JSON.stringify(settings)});
  const weights = new Map();
  for (const { name, role, transposeOf } of training.program.tensors)
    if (role === "weight" && transposeOf === undefined) weights.set(name, await training.weights(name));
  const tensors = new Map();
  const recorder = { write: (name, bytes) => tensors.set(name, bytes) };
  training.begin(recorder);
  training.prepareStep(recorder, 1);
  const place = { pool: 7n, round: 2n, chunk: 5n, t: 1 };
  globalThis.replay = async (threads, without) => {
    const replayer = await startReplayer({ threads });
    const given = new Map([...tensors].filter(([name]) => name !== without));
    try {
      const outcome = await replayer.replay({ program: training.program, weights, tensors: given, place });
      return { ...outcome, root: Array.from(outcome.root) };
    } catch ({ code, facts }) {
      return { code, facts };
    } finally {
      replayer.close();
    }
  };
</script>`;

interface Replaying {
  readonly isolated: boolean;
  readonly threads: number;
  readonly without?: string;
}

interface Outcome {
  readonly root: readonly number[];
  readonly threads: number;
  readonly build: string;
}

async function expectedRoot(training: TinyTraining): Promise<string> {
  const session = await reference.prepare(training.program, training.weights);
  training.begin(session);
  training.prepareStep(session, 1);
  await session.run();
  return toHex(await stateRootOf(session, place));
}

let root: string;
beforeAll(async () => {
  root = await expectedRoot(tinyTraining(settings));
});

const chromium = requireServer("chromium");

async function replayIn(
  { skip }: TestContext,
  { isolated, threads, without }: Replaying,
): Promise<unknown> {
  if (!chromium.available) return skip(chromium.reason);
  const browser = await openBrowser(chromium.path, { isolated, page });
  try {
    await browser.untilSet("replay");
    const call = `replay(${threads}, ${JSON.stringify(without ?? null)})`;
    return await browser.page.evaluate(call);
  } finally {
    await browser.close();
  }
}

test.for([
  { name: "shared memory and two threads", isolated: true, threads: 2 },
  { name: "one thread where the page is not isolated", isolated: false, threads: 1 },
])("$name give the reference's root", async ({ isolated, threads }, context) => {
  const outcome = (await replayIn(context, { isolated, threads: 2 })) as Outcome;
  expect(outcome).toMatchObject({ threads, build: "relaxed" });
  expect(toHex(Uint8Array.from(outcome.root))).toBe(root);
});

test("a missing tensor is told with its name", async (context) => {
  const outcome = await replayIn(context, { isolated: true, threads: 1, without: "tokens" });
  expect(outcome).toEqual({ code: "TENSOR_NOT_FOUND", facts: { tensor: "tokens" } });
});
