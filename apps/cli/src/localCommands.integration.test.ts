import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "./repository.ts";
import { type CliEnd, runCli, startCli } from "./testing/startCli.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "r3mes-local-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const fixture = join(repository, "packages/models/fixtures/bitnet-64x2");

function run(...argv: readonly string[]): Promise<CliEnd> {
  return runCli([...argv, "--json", "--home", home]);
}

/** Standard output, which is one JSON document. */
function answerOf({ stdout }: CliEnd) {
  return JSON.parse(stdout);
}

async function succeed(...argv: readonly string[]) {
  const end = await run(...argv);
  expect(end.code, end.stdout + end.stderr).toBe(0);
  return answerOf(end);
}

async function refuse(code: string, exitCode: number, ...argv: readonly string[]) {
  const end = await run(...argv);
  expect(answerOf(end)).toMatchObject({ code });
  expect(end.code).toBe(exitCode);
  return answerOf(end);
}

const steps = 12;
/** A run of the genesis model that is as small as it can be. */
const smallRun = [
  ...["train", "--dataset", "moby-dick", "--steps", String(steps), "--rank", "4"],
  ...["--length", "16", "--sequences", "1", "--save-every", "2"],
];

describe("train", () => {
  let whole: { readonly root: string; readonly heldOut: object };
  beforeAll(async () => {
    whole = await succeed(...smallRun, "--threads", "1");
  });

  test("a run ends with its root, its losses, its speed and its memory", () => {
    expect(whole).toEqual({
      steps,
      root: expect.stringMatching(/^[0-9a-f]{64}$/),
      heldOut: { before: expect.any(Number), after: expect.any(Number) },
      tokensPerSecond: expect.any(Number),
      peakBytes: expect.any(Number),
      folder: join(home, "adapters/genesis-moby-dick"),
    });
  });

  test("the run that the documentation describes ends at the root that it gives", async () => {
    const out = join(home, "documented");
    const { root } = await succeed(
      ...["train", "--dataset", "moby-dick", "--steps", "2", "--out", out],
    );
    const readme = readFileSync(join(repository, "packages/models/README.md"), "utf8");
    expect(readme).toContain(`With \`--steps 2\` it takes seconds and ends at \`${root}\``);
  });

  test("killed at random points and gone on with 2 threads, it ends at the same root", async () => {
    const out = join(home, "killed");
    const killed = [...smallRun, "--out", out, "--json", "--home", home];
    for (const threads of ["1", "2"]) {
      const child = startCli([...killed, "--threads", threads]);
      const point = 1 + Math.floor(Math.random() * (steps / 2));
      const seen = child.progress(({ step }) => typeof step === "number" && step >= point);
      // A run that was killed late may leave the next one nothing to do.
      await Promise.race([seen.catch(() => undefined), child.ended]);
      child.child.kill("SIGKILL");
      await child.ended;
    }
    const { root, heldOut } = await succeed(...smallRun, "--out", out, "--threads", "2");
    expect({ root, heldOut }).toEqual({ root: whole.root, heldOut: whole.heldOut });
  });

  test("Ctrl-C saves the step under way and says how to go on", async () => {
    const out = join(home, "interrupted");
    const child = startCli([...smallRun, "--out", out, "--threads", "1", "--json", "--home", home]);
    await child.progress(({ step }) => step === 3);
    child.child.kill("SIGINT");
    const end = await child.ended;
    expect(end.code).toBe(1);
    expect(answerOf(end)).toMatchObject({
      code: "TRAINING_INTERRUPTED",
      next: expect.stringContaining("same command"),
    });
    expect((await succeed(...smallRun, "--out", out)).root).toBe(whole.root);
  });

  test("a damaged checkpoint is refused and kept; --fresh starts over", async () => {
    const out = join(home, "damaged");
    cpSync(join(home, "adapters/genesis-moby-dick"), out, { recursive: true });
    const path = join(out, "checkpoint.bin");
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.at(-1)! ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
    await refuse("TRAINING_CHECKPOINT_DAMAGED", 8, ...smallRun, "--out", out);
    expect(readFileSync(path)).toEqual(bytes);
    expect((await succeed(...smallRun, "--out", out, "--fresh")).root).toBe(whole.root);
  });

  test("the adapter that it wrote is evaluated to the loss that it told", async () => {
    const sample = ["--length", "16", "--sequences", "1"];
    const adapter = ["--adapter", "genesis-moby-dick"];
    const { bitsPerToken } = await succeed(
      "evaluate",
      "--dataset",
      "moby-dick",
      ...sample,
      ...adapter,
    );
    expect(whole.heldOut).toMatchObject({ after: bitsPerToken });
  });
});

describe("generate", () => {
  const request = ["generate", "--prompt", "The sea – ", "--max-tokens", "6"];

  test("one request gives the same tokens on 1 and 2 threads, greedy and drawn", async () => {
    for (const sampling of [[], ["--temperature", "0.9", "--top-p", "0.9", "--seed", "5"]]) {
      const [one, two] = [
        await succeed(...request, ...sampling, "--threads", "1"),
        await succeed(...request, ...sampling, "--threads", "2"),
      ];
      expect(one.tokens.length).toBeGreaterThan(0);
      expect([two.tokens, two.text]).toEqual([one.tokens, one.text]);
    }
  });

  test("without --json the text alone stands on standard output", async () => {
    const { text } = await succeed(...request);
    const plain = await runCli([...request, "--home", home]);
    expect(plain.stdout).toBe(`${text}\n`);
  });
});

describe("models", () => {
  test("a checkpoint is imported, checked and evaluated like the published implementation", async () => {
    const out = join(home, "imported");
    const imported = await succeed("model", "import", fixture, "--out", out);
    expect(imported.assumptions).toEqual([expect.stringContaining("tokenizer.json")]);
    const inspected = await succeed("model", "inspect", out);
    expect(inspected).toMatchObject({ verified: true, manifestHash: imported.manifestHash });

    const logits = join(home, "logits.f32");
    const tokens = join(fixture, "tokens.json");
    await succeed("evaluate", "--model", out, "--tokens", tokens, "--logits", logits);
    const { vocabulary } = inspected.architecture;
    const ours = rowsOf(logits, vocabulary);
    const theirs = rowsOf(join(fixture, "reference.f32"), vocabulary);
    expect(ours).toHaveLength(theirs.length);
    const divergence = ours.map((row, i) => divergenceOf(theirs[i]!, row));
    expect(divergence.reduce((sum, value) => sum + value, 0) / ours.length).toBeLessThan(0.01);

    await refuse("FOLDER_OCCUPIED", 8, "model", "import", fixture, "--out", out);
    await refuse("MODEL_WITHOUT_TOKENIZER", 1, "generate", "--model", out, "--prompt", "a");
  });
});

function rowsOf(path: string, vocabulary: number): Float32Array[] {
  const bytes = readFileSync(path);
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  return Array.from({ length: all.length / vocabulary }, (_, row) =>
    all.subarray(row * vocabulary, (row + 1) * vocabulary),
  );
}

/** Kullback-Leibler divergence of the second from the first, in nats. */
function divergenceOf(wanted: Float32Array, found: Float32Array): number {
  const logShares = (row: Float32Array) => {
    const max = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - max), 0);
    return Array.from(row, (logit) => logit - max - Math.log(sum));
  };
  const [p, q] = [logShares(wanted), logShares(found)];
  return p.reduce((total, share, i) => total + Math.exp(share) * (share - q[i]!), 0);
}

test("a folder of one's own text becomes a dataset; a changed shard is found", async () => {
  const text = join(home, "text");
  mkdirSync(text);
  const paragraph = (i: number) => `Entry ${i} of the log: wind from the west, ${i} knots. `;
  const log = Array.from({ length: 120 }, (_, i) => paragraph(i).repeat(20)).join("\n\n");
  writeFileSync(join(text, "log.txt"), log);
  await refuse("DATASET_LICENCE_MISSING", 8, "dataset", "build", text);
  const out = join(home, "log");
  const built = await succeed("dataset", "build", text, "--licence", "CC0-1.0", "--out", out);
  expect(await succeed("dataset", "verify", out)).toMatchObject({
    root: built.root,
    verified: true,
  });
  const shard = join(out, built.shards[0].file);
  const bytes = readFileSync(shard);
  bytes.writeUInt8(bytes.at(0)! ^ 1, 0);
  writeFileSync(shard, bytes);
  await refuse("DATASET_SHARD_MISMATCH", 1, "dataset", "verify", out);
});

test("what is refused leaves no folder behind, and a bad place is told before any work", async () => {
  const texts = join(home, "no-text");
  mkdirSync(texts);
  const licence = ["--licence", "CC0-1.0"];
  await refuse("DATASET_EMPTY", 1, "dataset", "build", texts, ...licence);
  expect(existsSync(join(home, "datasets/no-text"))).toBe(false);

  const checkpoint = join(home, "cut-short");
  cpSync(fixture, checkpoint, { recursive: true });
  rmSync(join(checkpoint, "model.safetensors"));
  const out = join(home, "refused/model");
  await refuse("CHECKPOINT_FILE_MISSING", 1, "model", "import", checkpoint, "--out", out);
  expect(existsSync(join(home, "refused"))).toBe(false);

  const inFile = join(texts, "file/adapter");
  writeFileSync(join(texts, "file"), "");
  await refuse("FOLDER_NOT_WRITABLE", 3, ...smallRun, "--model", "none", "--out", inFile);
  // A home in which nothing can be made for the dataset of the run either.
  const end = await runCli([...smallRun, "--json", "--home", join(texts, "file")]);
  expect([end.code, answerOf(end).code]).toEqual([3, "FOLDER_NOT_WRITABLE"]);
});

test("this machine computes the bytes of the specification on every thread count", async () => {
  const { equal, backends } = await succeed(
    ...["conformance", "--backend", "wasm-relaxed", "--steps", "1", "--threads", "1,2"],
  );
  expect(equal).toBe(true);
  expect(backends).toHaveLength(2);
  for (const { cases } of backends) expect(cases.passed).toBe(cases.all);
});

test.each([
  ["an unknown model", "MODEL_UNKNOWN", ["generate", "--model", "none", "--prompt", "a"]],
  ["an unknown dataset", "DATASET_UNKNOWN", ["dataset", "verify", "moby-dock"]],
  ["a dataset to be built", "DATASET_NOT_BUILT", ["dataset", "verify", "factbook"]],
  ["an unknown adapter", "ADAPTER_UNKNOWN", ["evaluate", "--dataset", "x", "--adapter", "none"]],
  ["a rank out of range", "USAGE_INVALID", [...smallRun, "--rank", "5"]],
  ["no steps", "USAGE_INVALID", [...smallRun, "--steps", "0"]],
  [
    "a temperature out of range",
    "USAGE_INVALID",
    ["generate", "--prompt", "a", "--temperature", "11"],
  ],
  ["no source of tokens", "USAGE_INVALID", ["evaluate"]],
] as const)("%s is refused as a fault of the command line", async (_name, code, argv) => {
  const folder = join(home, "untouched");
  const out = argv[0] === "train" ? ["--out", folder] : [];
  await refuse(code, 2, ...argv, ...out);
  expect(existsSync(folder)).toBe(false);
});
