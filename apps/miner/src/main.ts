/** The process of a miner: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { runParticipant } from "@r3mes/participant";
import { mine } from "./mine.ts";
import { minerSettings } from "./minerSettings.ts";

const program = { name: "miner", settings: minerSettings, run: mine };
await runParticipant(program, process.argv.slice(2));
