/** The life of a process that takes part: its settings, what it opens, its loop, its end, its exit code. */
import { join, resolve } from "node:path";
import { reportOf } from "@r3mes/protocol";
import {
  type Config,
  createShutdown,
  describeConfig,
  isInterruption,
  type Keep,
  loadConfig,
  type Shutdown,
  systemClock,
} from "@r3mes/service";
import { z } from "zod";
import { createStatusBoard, type StatusBoard } from "./createStatusBoard.ts";
import { type Account, type AccountOptions, openAccount } from "./openAccount.ts";
import { openParticipant, type Participant } from "./openParticipant.ts";
import { participantSettings } from "./participantSettings.ts";

export interface ParticipantProgram<Extra extends z.ZodRawShape> {
  /** The process, as in `miner`. */
  readonly name: string;
  /** Settings of its own, beside those of every participant. */
  readonly settings: Extra;
  /** What its journal keeps of its own promises when it is written anew. */
  readonly keep?: readonly Keep[];
  /** What may be owed this very block, and needs neither content nor a device: done before any of that is loaded, and then beside it. */
  readonly first?: (account: Account) => Promise<void>;
  /** Works until the participant's shutdown begins. */
  readonly run: (
    participant: Participant,
    settings: z.output<z.ZodObject<Extra>>,
    status: StatusBoard,
  ) => Promise<void>;
}

export const settingsFile = "config.toml";
/** Said after the folder, it has the process print its settings as JSON and end: what it may be told is known to it alone. */
export const showSettings = "--settings";

/** Runs until it is asked to end. A failure is printed as one JSON line on standard error; the exit code is then 1. */
export async function runParticipant<Extra extends z.ZodRawShape>(
  program: ParticipantProgram<Extra>,
  argv: readonly string[],
): Promise<number> {
  try {
    const folder = resolve(argv[0] ?? ".");
    const schema = z.object({ ...participantSettings, ...program.settings });
    const config = loadConfig(schema as z.ZodObject, {
      file: join(folder, settingsFile),
      fileRequired: true,
      env: process.env,
    });
    if (argv.includes(showSettings)) return tell(config);
    const { values } = config;
    const settings = values as z.output<z.ZodObject<typeof participantSettings>> &
      z.output<z.ZodObject<Extra>>;
    const board = createStatusBoard();
    const { name, keep = [] } = program;
    const open = { name, folder, settings, keep, board };
    const shutdown = createShutdown({
      clock: systemClock,
      signals: process,
      forceExit: process.exit,
    });
    const participant = await opened(open, program, shutdown);
    return await live(participant, () => program.run(participant, settings, board));
  } catch (error) {
    return end(isInterruption(error) ? 0 : fail(error));
  }
}

function tell(config: Config<object>): number {
  process.stdout.write(`${JSON.stringify(describeConfig(config))}\n`);
  return 0;
}

/** What cannot be opened closes what is open. */
async function opened(
  options: AccountOptions,
  { first }: Pick<ParticipantProgram<z.ZodRawShape>, "first">,
  shutdown: Shutdown,
): Promise<Participant> {
  try {
    const account = await openAccount(options, shutdown);
    await first?.(account);
    return await openParticipant(account, options.settings);
  } catch (error) {
    await shutdown.begin("not opened");
    throw error;
  }
}

async function live(participant: Participant, run: () => Promise<void>): Promise<number> {
  const { shutdown, log } = participant;
  let code = 0;
  const running = run().catch((error: unknown) => {
    // What the end of the process interrupts is no failure.
    if (shutdown.signal.aborted) return;
    log.fatal({ error }, "ended by an error");
    code = fail(error);
  });
  void running.then(() => shutdown.begin("work ended"));
  // Long work that the end interrupts finds its journal and its store closed, and that is no failure either.
  process.on("unhandledRejection", (error) => {
    if (shutdown.signal.aborted) return;
    log.fatal({ error }, "ended by an error");
    process.exit(fail(error));
  });
  const { failures } = await shutdown.done;
  for (const failure of failures) log.warn(failure, "not closed in order");
  shutdown.dispose();
  return end(code);
}

/** Training may hold the thread for a second, and a library a handle; the journal has what matters. */
function end(code: number): number {
  process.exitCode = code;
  setImmediate(() => process.exit(code));
  return code;
}

function fail(error: unknown): number {
  process.stderr.write(`${JSON.stringify(reportOf(error))}\n`);
  return 1;
}
