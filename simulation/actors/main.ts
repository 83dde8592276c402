/** The process of a cheat: `node main.ts <cheat> <folder>`. It is the product's miner or verifier with one port bent. */
import { runParticipant } from "@r3mes/participant";
import { mine } from "../../apps/miner/src/mine.ts";
import { minerSettings } from "../../apps/miner/src/minerSettings.ts";
import { verifierSettings } from "../../apps/verifier/src/verifierSettings.ts";
import { verify } from "../../apps/verifier/src/verify.ts";
import { minerCheats } from "./minerCheats.ts";
import { verifierCheats } from "./verifierCheats.ts";

const [cheat = "", ...rest] = process.argv.slice(2);
const [minerCheat, verifierCheat] = [minerCheats[cheat], verifierCheats[cheat]];

if (minerCheat !== undefined) {
  await runParticipant(
    {
      name: cheat,
      settings: minerSettings,
      run: (participant, settings, board) => mine(participant, settings, board, minerCheat),
    },
    rest,
  );
} else if (verifierCheat !== undefined) {
  await runParticipant(
    {
      name: cheat,
      settings: verifierSettings,
      run: (participant, settings, board) => verify(participant, settings, board, verifierCheat),
    },
    rest,
  );
} else {
  process.stderr.write(
    `There is no cheat ${cheat}; there are ${Object.keys({ ...minerCheats, ...verifierCheats }).join(", ")}.\n`,
  );
  process.exitCode = 2;
}
