/** The worker behind `startReplayer`: holds the backend, runs one step a request and answers with its root. */
import { R3mesError } from "@r3mes/protocol";
import type { WasmHost } from "../backends/wasm/host.ts";
import { createWasmBackend } from "../backends/wasm.ts";
import { stateRootOf } from "../trace/stateRoot.ts";
import type {
  Replay,
  ReplayFailure,
  ReplayOutcome,
  ReplayReply,
  ReplayRequest,
} from "./startReplayer.ts";
import { createBrowserWasmHost } from "./wasmHost.ts";

type Replaying = (replay: Replay) => Promise<ReplayOutcome>;

let replayStep: Replaying | undefined;
let queue: Promise<void> = Promise.resolve();

globalThis.onmessage = ({ data }: MessageEvent<ReplayRequest>) => {
  if ("kernels" in data) {
    replayStep = createReplay(createBrowserWasmHost(data), data.threads);
    return;
  }
  queue = queue.then(async () => globalThis.postMessage(await answer(data.id, data.replay)));
};

function createReplay(host: WasmHost, wanted: number | undefined): Replaying {
  const threads = Math.min(wanted ?? host.threadsMax, host.threadsMax);
  let build: ReplayOutcome["build"] = "base";
  const noting: WasmHost = {
    ...host,
    openMachine(asked, bytes) {
      build = asked;
      return host.openMachine(asked, bytes);
    },
  };
  const backend = createWasmBackend(noting, { threads });
  return async ({ program, weights, tensors, place }) => {
    const session = await backend.prepare(program, (name) => bytesFor(weights, name));
    try {
      for (const { name, role } of program.tensors) {
        if (role === "state" || role === "input" || role === "constant")
          session.write(name, bytesFor(tensors, name));
      }
      await session.run();
      return { root: await stateRootOf(session, place), build, threads };
    } finally {
      await session.close();
    }
  };
}

function bytesFor(tensors: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = tensors.get(name);
  if (bytes === undefined) throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
  return bytes;
}

async function answer(id: number, replay: Replay): Promise<ReplayReply> {
  try {
    return { id, outcome: await replayStep!(replay) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): ReplayFailure {
  if (error instanceof R3mesError) return { code: error.code, facts: error.facts };
  return { message: String(error) };
}
