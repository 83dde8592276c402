/** `r3mes verify-receipt`: checks what a receipt says, then computes the answer again. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  type AnswerEnd,
  checkReceiptFile,
  createInference,
  decodeReceiptFile,
  type ReceiptFile,
} from "@r3mes/inference";
import { type OpenedModel, openModelFolder } from "@r3mes/models/node";
import { R3mesError, toHex } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { LocalAdapter } from "../adapters/adapterFolder.ts";
import { adapterBytesMax, adapterOfFile, readAdapterBytes } from "../adapters/adapterOfFile.ts";
import { fetchAdapterBytes } from "../adapters/fetchAdapterBytes.ts";
import { type BackendOptions, chooseBackend } from "../backends/chooseBackend.ts";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findModelFolder } from "../models/findModelFolder.ts";

export type VerifyReceiptOptions = BackendOptions & {
  readonly model: string;
  readonly adapter?: string;
  readonly from?: string;
};

export async function verifyReceipt(
  context: CommandContext,
  path: string,
  options: VerifyReceiptOptions,
): Promise<ExitCode> {
  const { host, json } = context;
  const file = readReceipt(resolve(host.cwd, path));
  checkReceiptFile(file);
  const progress = createProgress(host, json, systemClock);
  const backend = await chooseBackend(options, progress.keep);
  const model = await openModelFolder(findModelFolder(options.model, context));
  try {
    const { backbone, tokenizer } = model.manifest;
    requireWeights("model", toHex(file.model), backbone.root);
    requireWeights("tokenizer", toHex(file.tokenizer), tokenizer?.sha256 ?? "");
    const adapter = await adapterFor(file, model, options, context);
    const computing = `computing ${file.answered.tokens.length} tokens again`;
    const answered = await progress.during(computing, answerAgain(file, model, adapter, backend));
    requireSame(file, answered);
  } finally {
    await model.close();
  }
  const { tokens, ending } = file.answered;
  const report = {
    holds: true,
    provider: toHex(file.provider),
    model: toHex(file.model),
    adapter: file.adapter === undefined ? null : toHex(file.adapter),
    tokens: tokens.length,
    ending,
  };
  host.stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : `The receipt holds: ${tokens.length} tokens computed again, equal one by one.\n` +
          `provider ${report.provider}\nmodel    ${report.model}\n` +
          `adapter  ${report.adapter ?? "none"}\n`,
  );
  return exitCodes.ok;
}

/** @throws FILE_UNREADABLE, RECEIPT_INVALID */
function readReceipt(path: string): ReceiptFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new R3mesError({ code: "RECEIPT_INVALID", field: "JSON" }, { cause });
  }
  const reply = json as { readonly receipt?: unknown } | null;
  return decodeReceiptFile(reply?.receipt ?? json);
}

/** Other weights are no fault of the receipt: it just cannot be checked with these. */
function requireWeights(what: string, root: string, found: string): void {
  if (root !== found) throw new R3mesError({ code: "RECEIPT_WEIGHTS_MISSING", what, root, found });
}

/** From where it was named, else from the network of the home folder. */
async function adapterFor(
  file: ReceiptFile,
  { manifest }: OpenedModel,
  { adapter, from }: VerifyReceiptOptions,
  { host, home }: CommandContext,
): Promise<LocalAdapter | null> {
  if (file.adapter === undefined) return null;
  const root = toHex(file.adapter);
  if (adapter !== undefined) {
    return adapterOfFile(manifest, readAdapterBytes(adapter, host.cwd), root);
  }
  if (from !== undefined) return adapterOfFile(manifest, await fetchAdapterBytes(from, root), root);
  const { adapterBytesOfNetwork } = await import("../adapters/adapterBytesOfNetwork.ts");
  const bytes = await adapterBytesOfNetwork(home, root, adapterBytesMax(manifest));
  return adapterOfFile(manifest, bytes, root);
}

async function answerAgain(
  { asked, answered }: ReceiptFile,
  { manifest, tokenizer, weight }: OpenedModel,
  adapter: LocalAdapter | null,
  backend: Parameters<typeof createInference>[1]["backend"],
): Promise<AnswerEnd> {
  const inference = createInference(
    {
      shape: manifest.architecture,
      endOfText: manifest.tokenizer!.endOfText,
      activeMax: 1,
      together: 1,
      shapesMax: 1,
      cacheBytesMax: 0,
      adapterBytesMax: Number.MAX_SAFE_INTEGER,
    },
    {
      backend,
      weights: weight,
      tokenizer: tokenizer!,
      loadAdapter: async () => adapter!,
      pause: () => setImmediate(),
    },
  );
  // A wrong answer may claim an end that never comes; one token more tells.
  const tokensMax = Math.min(asked.tokensMax, answered.tokens.length + 1);
  const request = { ...asked, tokensMax, adapter: adapter === null ? null : "asked" };
  const end = await inference.ask(request, { onPiece: () => {} }).done;
  await inference.close();
  return end!;
}

/** @throws RECEIPT_MISMATCH naming the first token that differs, or the ending */
function requireSame({ answered }: ReceiptFile, again: AnswerEnd): void {
  const length = Math.max(answered.tokens.length, again.tokens.length);
  for (let place = 0; place < length; place += 1) {
    if (answered.tokens[place] === again.tokens[place]) continue;
    const facts = { claimed: answered.tokens[place], computed: again.tokens[place] };
    throw new R3mesError({ code: "RECEIPT_MISMATCH", what: `token ${place + 1}`, ...facts });
  }
  if (answered.ending === again.ending) return;
  const facts = { claimed: answered.ending, computed: again.ending };
  throw new R3mesError({ code: "RECEIPT_MISMATCH", what: "the ending", ...facts });
}
