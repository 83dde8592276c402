/** The verifier as a process that takes part: what it may be told, what it owes first, what it does. */
import { type ParticipantProgram, runParticipant } from "@r3mes/participant/process";
import { revealFirst } from "./duties/revealFirst.ts";
import { keepNewestPromises } from "./verifierRecord.ts";
import { verifierSettings } from "./verifierSettings.ts";

const program: ParticipantProgram<typeof verifierSettings> = {
  name: "verifier",
  settings: verifierSettings,
  keep: [keepNewestPromises],
  first: revealFirst,
  async run(participant, settings, board) {
    const { verify } = await import("./verify.ts");
    await verify(participant, settings, board);
  },
};

/** Runs until it is asked to end; returns its exit code. */
export async function startVerifier(argv: readonly string[]): Promise<number> {
  return runParticipant(program, argv);
}
