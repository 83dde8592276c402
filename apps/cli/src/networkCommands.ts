/** The commands of those who take part in a network, and of those who doubt it. */
import { Argument, type Command, Option } from "commander";
import { addCommand, type Run } from "./addCommand.ts";
import type { Host } from "./host.ts";
import { listKinds } from "./proof/listKinds.ts";

export function addNetworkCommands(program: Command, host: Host, run: Run): void {
  addJoin(program, host, run);
  addInit(program, host, run);
  addRoles(program, host, run);
  addChallenge(program, host, run);
  addList(program, host, run);
  addProofs(program, host, run);
}

function addJoin(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "join",
    summary: "Join a network of other machines",
    details:
      "Asks a node for its chain and saves how to reach that network. From then on init, list, " +
      "challenge, reproduce, replay and explain use it. docs/operating.md has the details.",
    examples: [
      [
        "npx r3mes join --rpc <url> --swarm-key ./swarm.key --peer <multiaddr>",
        "once, for this home",
      ],
      ["npx r3mes init", "then make a key, and see what to send to it"],
    ],
  })
    .requiredOption("--rpc <url>", "a node that you trust, as in http://node.example:26657")
    .requiredOption("--swarm-key <file>", "the key that the network's content stores share")
    .requiredOption(
      "--peer <multiaddr...>",
      "content stores to connect to first, as in /dns4/node.example/tcp/7461",
    )
    .action((options) =>
      run(async (context) => (await import("./commands/join.ts")).join(context, options)),
    );
}

function addInit(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "init",
    summary: "Make the key and the settings of a miner, verifier or challenger",
    details:
      "The key is sealed in a file of mode 600. Its 24 words are shown once. Whoever has the words " +
      "has the key: keep them off this machine. On a localnet the faucet funds the key. The amount " +
      "that the role's bond will lock is shown.",
    examples: [
      ["npx r3mes init", "a miner in .r3mes/miner"],
      ["npx r3mes init --role verifier --folder ./v", "a verifier in a folder of your own"],
      ["npx r3mes init --words ./words.txt", "with a key that you already have"],
    ],
  })
    .addOption(
      new Option("--role <role>", "what it does")
        .choices(["miner", "verifier", "challenger"])
        .default("miner"),
    )
    .option("--folder <folder>", "folder for the key, settings, journal and blocks")
    .option("--words <file>", "the 24 words of a key, instead of a fresh one")
    .action((options) =>
      run(async (context) => (await import("./commands/init.ts")).init(context, options)),
    );
}

function addRoles(program: Command, host: Host, run: Run): void {
  const details =
    "It can be killed at any moment and started again: its journal records what it has promised, " +
    "and the chain records its duties. With --json it prints its log as JSON lines. It serves " +
    "health, /metrics and /status on the loopback interface; a WebSocket at /events streams the " +
    "status to clients that send the token in status.token.";
  for (const { name, summary, folder } of [
    { name: "mine", summary: "Train chunks and be paid", folder: "./m" },
    { name: "verify", summary: "Audit steps, attest sums and be paid", folder: "./v" },
  ] as const) {
    addCommand(program, host, {
      name,
      summary,
      details,
      examples: [
        [`npx r3mes ${name}`, "with the folder that npx r3mes init made"],
        [`npx r3mes ${name} ${folder} --json`, "with another folder, for a script"],
      ],
    })
      .argument("[folder]", "folder with config.toml and the key")
      .action((named) =>
        run(async (context) =>
          (await import("./commands/runRole.ts")).runRole(context, name, named),
        ),
      );
  }
}

function addChallenge(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "challenge",
    summary: "Retrain the work of others, and file a case if it differs",
    details:
      "With --watch it checks accepted submissions in random order, and the sums of rounds, for as " +
      "long as it runs. It plays its cases to their end. A case that it wins pays; a case that it " +
      "loses costs its bond. It opens no case that this device is too slow for. For one submission " +
      "it prints what it found, and exits with code 1 unless the work is equal. With --json it " +
      "prints its log as JSON lines; for one submission, on standard error.",
    examples: [
      ["npx r3mes init --role challenger", "once: a key, funded on a localnet"],
      ["npx r3mes challenge --watch", "check everything that may still be challenged"],
      ["npx r3mes challenge 12 --json", "check submission 12, for a script"],
    ],
  })
    .argument("[submission]", "number of the one submission to check")
    .option("--watch", "check all of them until stopped")
    .option("--folder <folder>", "folder with config.toml and the key")
    .action((submission, options) =>
      run(async (context) =>
        (await import("./commands/challenge.ts")).challenge(context, submission, options),
      ),
    );
}

function addList(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "list",
    summary: "List pools, models, datasets, submissions, cases or adapters",
    details: "Of submissions, only open ones are listed: the chain deletes settled ones.",
    examples: [
      ["npx r3mes list pools", "what is trained, and what a chunk pays"],
      ["npx r3mes list models", "models that a pool may train"],
      ["npx r3mes list cases", "disputes: who accuses whom, and how they ended"],
      ["npx r3mes list submissions", "numbers for npx r3mes replay and npx r3mes challenge"],
      ["npx r3mes list adapters --json", "names for npx r3mes reproduce, for a script"],
    ],
  })
    .addArgument(new Argument("<what>", "what to list").choices(listKinds))
    .action((what) =>
      run(async (context) => (await import("./commands/list.ts")).list(context, what)),
    );
}

function addProofs(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "reproduce",
    summary: "Rebuild an adapter version from its updates",
    details:
      "A version is named as the API names it. adapter@v7 is pool-1@v7, whichever pool made it. " +
      "Exit code 1 when the rebuilt version differs from the adopted one.",
    examples: [
      ["npx r3mes reproduce pool-1@v7", "version 7 of the chain, made by pool 1"],
      ["npx r3mes reproduce pool-1@latest --json", '{"equal", "root", …}'],
    ],
  })
    .argument("<adapter>", "version, as in pool-1@v7 or pool-1@latest")
    .action((name) =>
      run(async (context) => (await import("./commands/reproduce.ts")).reproduce(context, name)),
    );
  addCommand(program, host, {
    name: "replay",
    summary: "Repeat a submission, a verdict or a case, and compare",
    details:
      "Says that the result is equal, or says where it differs and exits with code 1. A case is " +
      "decided again by executing its last tile. Work that the chain has settled and deleted is " +
      "read from the node's earlier states.",
    examples: [
      ["npx r3mes replay 12", "train all steps of submission 12"],
      ["npx r3mes replay submission 12 --step 3", "only the step that was drawn"],
      ["npx r3mes replay verdict 12", "what its verifiers should have found"],
      ["npx r3mes replay case 5", "execute the disputed tile"],
    ],
  })
    .argument("<what...>", "submission, verdict or case, and its number")
    .option("--step <step>", "one step of a submission, from 1")
    .action((words, options) =>
      run(async (context) =>
        (await import("./commands/replay.ts")).replay(context, words, options),
      ),
    );
  addCommand(program, host, {
    name: "explain",
    summary: "Show the evidence of a fine, or the arithmetic of a reward",
    examples: [
      ["npx r3mes explain reward miner-1", "what matured recently, line by line"],
      ["npx r3mes explain slash remes1…", "what was taken, why, and where it went"],
    ],
  })
    .addArgument(new Argument("<what>", "slash or reward").choices(["slash", "reward"]))
    .argument("<who>", "process of the localnet, or owner address")
    .action((what, who) =>
      run(async (context) => (await import("./commands/explain.ts")).explain(context, what, who)),
    );
}
