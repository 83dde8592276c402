/**
 * Generates the protocol's types from `proto/`: Go for the chain, TypeScript for everything else. Output is committed.
 *
 * `npm run gen:proto` writes; `--check` lints, looks for breaking changes against `proto/base.binpb`, generates into a
 * temporary folder and names every committed file that differs. `--rebase` makes today's messages the base that later
 * changes are held to: do that at a release, never to silence a finding. Everything runs offline.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const bin = join(root, "node_modules/.bin");
const plugins = join(root, "node_modules/.cache/r3mes/protoc");
const base = "proto/base.binpb";
const goPackage = "r3mes.dev/chain/x/remes/types";

/** Where generated files live, and which names there are generated. */
const outputs = [
  { from: join("go", goPackage), to: "chain/x/remes/types", owned: /\.pb(\.gw)?\.go$/ },
  { from: "ts", to: "packages/protocol/src/gen/proto", owned: /_pb\.ts$/ },
] as const;

function template(out: string) {
  const any = "Mgoogle/protobuf/any.proto=github.com/cosmos/gogoproto/types/any";
  return JSON.stringify({
    version: "v2",
    plugins: [
      {
        local: join(plugins, "protoc-gen-gocosmos"),
        out: join(out, "go"),
        opt: ["plugins=grpc", any],
      },
      {
        local: join(plugins, "protoc-gen-grpc-gateway"),
        out: join(out, "go"),
        opt: ["logtostderr=true", "allow_colon_final_segments=true"],
      },
      {
        local: join(bin, "protoc-gen-es"),
        out: join(out, "ts"),
        include_imports: true,
        opt: ["target=ts", "import_extension=ts", "erasable_syntax=true"],
      },
    ],
  });
}

async function execute(command: string, args: readonly string[], cwd = root): Promise<void> {
  const env = {
    ...process.env,
    GOTOOLCHAIN: "local",
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
  try {
    await run(command, args, { cwd, env, maxBuffer: 16 << 20 });
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}`.trim() || message);
  }
}

const buf = (command: string, ...args: string[]) =>
  execute(join(bin, "buf"), [command, "proto", "--config", "proto/buf.yaml", ...args]);

async function generate(out: string): Promise<void> {
  await mkdir(plugins, { recursive: true });
  await execute("go", ["build", "-o", `${plugins}/`, "tool"], join(root, "tools/protoc"));
  await buf("generate", "--template", template(out));
}

/** Generated files below a folder, as sorted paths relative to it. */
async function generated(folder: string, owned: RegExp): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => owned.test(name)).sort();
}

async function staleFiles(out: string): Promise<string[]> {
  const stale: string[] = [];
  for (const { from, to, owned } of outputs) {
    const fresh = await generated(join(out, from), owned);
    const committed = await generated(join(root, to), owned);
    for (const name of new Set([...fresh, ...committed])) {
      const same =
        fresh.includes(name) &&
        committed.includes(name) &&
        (await readFile(join(out, from, name))).equals(await readFile(join(root, to, name)));
      if (!same) stale.push(relative(root, join(root, to, name)));
    }
  }
  return stale;
}

async function write(out: string): Promise<void> {
  for (const { from, to, owned } of outputs) {
    for (const name of await generated(join(root, to), owned)) await rm(join(root, to, name));
    await cp(join(out, from), join(root, to), { recursive: true });
  }
}

async function main(options: readonly string[]): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), "r3mes-proto-"));
  try {
    await buf("lint");
    if (options.includes("--rebase")) await buf("build", "-o", base);
    if (existsSync(join(root, base))) await buf("breaking", "--against", base);
    await generate(out);
    if (!options.includes("--check")) return await write(out);
    const stale = await staleFiles(out);
    if (stale.length === 0) return;
    throw new Error(
      `stale, run "npm run gen:proto":\n${stale.map((name) => `  ${name}`).join("\n")}`,
    );
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`gen:proto: ${error.message}`);
  process.exitCode = 1;
});
