/** The process of a verifier: `node main.ts <folder>`, where the folder holds config.toml and the sealed key. */
import { offerOpening } from "./offerOpening.ts";

const argv = process.argv.slice(2);
// Whoever asks for its settings has it start nothing.
if (argv.length < 2) await offerOpening(argv[0] ?? ".");
const { startVerifier } = await import("./startVerifier.ts");
await startVerifier(argv);
