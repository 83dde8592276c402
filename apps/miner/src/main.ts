/** The process of a miner: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { type ParticipantProgram, runParticipant } from "@r3mes/participant/process";
import { keepWork } from "./minerRecord.ts";
import { minerSettings } from "./minerSettings.ts";

const program: ParticipantProgram<typeof minerSettings> = {
  name: "miner",
  settings: minerSettings,
  keep: [keepWork],
  async run(participant, settings, board) {
    const { mine } = await import("./mine.ts");
    await mine(participant, settings, board);
  },
};
await runParticipant(program, process.argv.slice(2));
