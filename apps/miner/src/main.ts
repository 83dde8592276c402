/** The process of a miner: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { constants, setPriority } from "node:os";
import { runParticipant } from "@r3mes/participant";
import { mine } from "./mine.ts";
import { minerSettings } from "./minerSettings.ts";

// Training takes what is left: a node or a verifier on the same machine has deadlines, a step has none so near.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const program = { name: "miner", settings: minerSettings, run: mine };
await runParticipant(program, process.argv.slice(2));
