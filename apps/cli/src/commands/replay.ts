/** `r3mes replay`: does a submission, a verdict or a case again, and says equal, or where it differs. */
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Paint } from "../paint.ts";
import { createReplayer } from "../proof/createReplayer.ts";
import { type FoundWork, findWork } from "../proof/findWork.ts";
import { type OpenedNetwork, openNetwork } from "../proof/openNetwork.ts";
import { replayCase } from "../proof/replayCase.ts";
import { replayStep } from "../proof/replayStep.ts";
import { replaySubmission } from "../proof/replaySubmission.ts";
import { replayVerdicts } from "../proof/replayVerdicts.ts";
import {
  type Told,
  tellCase,
  tellStep,
  tellSubmission,
  tellVerdicts,
} from "../proof/tellReplay.ts";
import type { OnStep } from "../proof/trainStates.ts";
import { readCountIfGiven } from "../readNumber.ts";

export type ReplayOptions = { readonly step?: string };

const kinds = ["submission", "verdict", "case"] as const;

type Wanted = {
  readonly kind: (typeof kinds)[number];
  readonly id: bigint;
  readonly step?: number;
};

export async function replay(
  { host, home, json }: CommandContext,
  words: readonly string[],
  options: ReplayOptions,
): Promise<ExitCode> {
  const wanted = readWanted(words, options);
  const progress = createProgress(host, json, systemClock);
  const opened = await openNetwork(home);
  try {
    progress.show(`looking for ${wanted.kind} ${wanted.id} and its content`);
    const onStep: OnStep = (step, steps) => progress.show(`step ${step} of ${steps}`);
    const told = await replayWanted(wanted, opened, onStep);
    progress.end();
    const text = [...told.lines, verdictLine(told, host.paint)].join("\n");
    host.stdout.write(json ? `${JSON.stringify(told.found)}\n` : `${text}\n`);
    return told.equal ? exitCodes.ok : exitCodes.failed;
  } finally {
    progress.end();
    await opened.close();
  }
}

function readWanted(words: readonly string[], { step }: ReplayOptions): Wanted {
  // A number alone is that of a submission.
  const [kind, number = "", ...more] = words.length === 1 ? ["submission", ...words] : words;
  const known = kinds.find((each) => each === kind);
  if (known === undefined || more.length > 0) {
    throw usage(`${words.join(" ")} is not submission, verdict or case and a number`);
  }
  if (!/^\d{1,18}$/.test(number)) throw usage(`${number} is no number of a ${known}`);
  const stepNumber = readCountIfGiven("--step", step, { min: 1, max: 256 });
  if (stepNumber !== undefined && known !== "submission") {
    throw usage("--step is for a submission alone");
  }
  return {
    kind: known,
    id: BigInt(number),
    ...(stepNumber === undefined ? {} : { step: stepNumber }),
  };
}

function usage(reason: string): R3mesError {
  return new R3mesError({ code: "USAGE_INVALID", reason });
}

async function replayWanted(
  { kind, id, step }: Wanted,
  opened: OpenedNetwork,
  onStep: OnStep,
): Promise<Told> {
  if (kind === "case") return tellCase(await replayCase(id, opened, onStep));
  const replayer = createReplayer(opened);
  try {
    const work = await findWork(id, opened);
    const chunk = await replayer.open(work.submission);
    const { content } = opened;
    if (kind === "verdict") {
      return tellVerdicts(work, await replayVerdicts(work, chunk, { content, onStep }));
    }
    if (step === undefined) {
      return tellSubmission(work, await replaySubmission(work.submission, chunk, onStep));
    }
    const published = isOpen(work) ? content : undefined;
    return tellStep(work, await replayStep(work.submission, step, chunk, published, onStep));
  } finally {
    await replayer.close();
  }
}

/** States are published until their work is settled. */
function isOpen({ lastHeight }: FoundWork): boolean {
  return lastHeight === undefined;
}

function verdictLine({ equal }: Told, { green, red }: Paint): string {
  return equal ? green(" equal") : red(" different");
}
