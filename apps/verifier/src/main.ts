/** The process of a verifier: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { type ParticipantProgram, runParticipant } from "@r3mes/participant/process";
import { revealFirst } from "./duties/revealFirst.ts";
import { verifierSettings } from "./verifierSettings.ts";

const program: ParticipantProgram<typeof verifierSettings> = {
  name: "verifier",
  settings: verifierSettings,
  first: revealFirst,
  async run(participant, settings, board) {
    const { verify } = await import("./verify.ts");
    await verify(participant, settings, board);
  },
};
await runParticipant(program, process.argv.slice(2));
