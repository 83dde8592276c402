/** The commands that make a running localnet a laboratory: killing, adding, cheating. */
import { Argument, type Command } from "commander";
import { addCommand, type Run } from "./addCommand.ts";
import type { Host } from "./host.ts";

/** Those of `cheats`, which are loaded when the command runs. */
export const cheatNames = [
  ...["skip-steps", "random-update", "copy", "withhold", "wrong-sum", "lazy-verifier", "skip-one"],
];

export function addLocalnetLaboratory(localnet: Command, host: Host, run: Run): void {
  addCommand(localnet, host, {
    name: "kill",
    summary: "Kill -9 one process, to see that nothing is lost",
    examples: [["npx r3mes localnet kill miner-2", "it comes back by itself"]],
  })
    .argument("<name>", "process, as `status` names it")
    .action((name) =>
      run(async (context) =>
        (await import("./commands/localnetKill.ts")).localnetKill(context, name),
      ),
    );
  addCommand(localnet, host, {
    name: "add",
    summary: "Add one more miner or verifier",
    examples: [["npx r3mes localnet add miner", "with its own key, funds and store"]],
  })
    .addArgument(new Argument("<kind>", "miner or verifier").choices(["miner", "verifier"]))
    .action((kind) =>
      run(async (context) =>
        (await import("./commands/localnetAdd.ts")).localnetAdd(context, kind),
      ),
    );
  addCommand(localnet, host, {
    name: "cheat",
    summary: "Add an actor that breaks the rules, to see it caught",
    details:
      "Miners: skip-steps trains nothing, skip-one leaves out one step in five, random-update " +
      "submits another update, copy submits the work of another, withhold never reveals. " +
      "Verifiers: wrong-sum attests another sum, lazy-verifier approves without looking. A miner " +
      "that cheats needs a chunk that honest miners have left.",
    examples: [
      ["npx r3mes localnet cheat skip-steps", "a miner that trains nothing"],
      ["npx r3mes explain slash cheat-skip-steps-1", "what became of it"],
    ],
  })
    .addArgument(new Argument("<cheat>", "one of the names above").choices(cheatNames))
    .action((cheat) =>
      run(async (context) =>
        (await import("./commands/localnetCheat.ts")).localnetCheat(context, cheat),
      ),
    );
}
