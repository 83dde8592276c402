/** Loss and logits of one text of tokens. */
import { type Backend, type Program, packBlock, type WeightSource } from "@r3mes/engine";
import type { AdapterTensors } from "@r3mes/inference";
import { type AdapterShape, type BitnetShape, buildForwardProgram } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { SampleLoss } from "./sampleLoss.ts";

export type TextModel = {
  readonly shape: BitnetShape;
  readonly adapter?: { readonly shape: AdapterShape; readonly tensors: AdapterTensors };
  readonly backend: Backend;
  readonly weights: WeightSource;
};

/**
 * Loss of every token after the first.
 *
 * @param tokens at least two
 * @throws CONTEXT_EXCEEDED
 */
export async function lossOfText(model: TextModel, tokens: readonly number[]): Promise<SampleLoss> {
  const { context } = model.shape;
  if (tokens.length < 2 || tokens.length > context + 1) {
    throw new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: tokens.length, context });
  }
  const length = tokens.length - 1;
  const total = await runForward(model, tokens, programOf(model, length, true), "loss.total");
  const loss = new DataView(total.buffer, total.byteOffset, total.length).getBigInt64(0, true);
  return { loss, tokens: length };
}

/**
 * Natural logarithms up to a constant of each row, float32 little-endian [tokens, vocabulary].
 *
 * @throws CONTEXT_EXCEEDED
 */
export async function logitsOfText(
  model: TextModel,
  tokens: readonly number[],
): Promise<Uint8Array> {
  const { context } = model.shape;
  if (tokens.length > context) {
    throw new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: tokens.length, context });
  }
  const program = programOf(model, tokens.length, false);
  return logitsOf(await runForward(model, tokens, program, "score"));
}

/** Scores in log2 units, Q16, as natural logarithms. */
function logitsOf(scores: Uint8Array): Uint8Array {
  const view = new DataView(scores.buffer, scores.byteOffset, scores.length);
  const logits = new Uint8Array(scores.length);
  const out = new DataView(logits.buffer);
  for (let at = 0; at < scores.length; at += 4) {
    out.setFloat32(at, (view.getInt32(at, true) / 65_536) * Math.LN2, true);
  }
  return logits;
}

function programOf({ shape, adapter }: TextModel, length: number, withLoss: boolean): Program {
  return buildForwardProgram(shape, {
    sequences: 1,
    length,
    adapter: adapter?.shape ?? null,
    withLoss,
  });
}

async function runForward(
  { adapter, backend, weights }: TextModel,
  tokens: readonly number[],
  program: Program,
  result: string,
): Promise<Uint8Array> {
  const session = await backend.prepare(program, weights);
  try {
    for (const [name, bytes] of adapter?.tensors ?? []) session.write(name, bytes);
    session.write(
      "tokens",
      packBlock("i32", 1, tokens.length, (_, column) => tokens[column]!),
    );
    await session.run();
    return await session.read(result);
  } finally {
    await session.close();
  }
}
