/** The commands that make a running localnet a laboratory: killing, adding, cheating. */
import type { Command } from "commander";
import { addCommand, type Run } from "./addCommand.ts";
import type { Host } from "./host.ts";

export function addLocalnetLaboratory(localnet: Command, host: Host, run: Run): void {
  addCommand(localnet, host, {
    name: "kill",
    summary: "Kill -9 one process, to see that nothing is lost",
    examples: [["r3mes localnet kill miner-2", "it comes back by itself"]],
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
    examples: [["r3mes localnet add miner", "with its own key, funds and store"]],
  })
    .argument("<kind>", "miner or verifier")
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
      ["r3mes localnet cheat skip-steps", "a miner that trains nothing"],
      ["r3mes explain slash cheat-skip-steps-1", "what became of it"],
    ],
  })
    .argument("<cheat>", "one of the names above")
    .action((cheat) =>
      run(async (context) =>
        (await import("./commands/localnetCheat.ts")).localnetCheat(context, cheat),
      ),
    );
}
