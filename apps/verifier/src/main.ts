/** The process of a verifier: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { runParticipant } from "@r3mes/participant";
import { verifierSettings } from "./verifierSettings.ts";
import { verify } from "./verify.ts";

const program = { name: "verifier", settings: verifierSettings, run: verify };
await runParticipant(program, process.argv.slice(2));
