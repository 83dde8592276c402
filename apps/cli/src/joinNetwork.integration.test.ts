/** A machine that joins a network of others, from its own home folder: it knows a node's address, a swarm key and a store. */
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliRun, runCli, startCli } from "./testing/startCli.ts";

const words = `${"abandon ".repeat(23)}art`;
const folder = mkdtempSync(join(tmpdir(), "r3mes-joining-"));
const home = join(folder, "a home of Ömer's");
let network: CliRun;
let rpc = "";

beforeAll(async () => {
  const env = { R3MES_LOCALNET_BLOCK_TIME_MS: "200", R3MES_LOCALNET_CHAIN_ONLY: "true" };
  const argv = ["localnet", "--json", "--ports", "auto", "--home", join(folder, "network")];
  network = startCli(argv, { env });
  const ready = await network.event(({ event }) => event === "ready");
  ({ rpc } = ready.urls as { rpc: string });
  writeFileSync(join(folder, "swarm.key"), `/key/swarm/psk/1.0.0/\n/base16/\n${"01".repeat(32)}\n`);
  writeFileSync(join(folder, "words.txt"), `  ${words.replace(" ", "\n")}\n`);
});
afterAll(async () => {
  network.child.kill("SIGINT");
  await network.ended;
  rmSync(folder, { recursive: true });
});

async function run(...argv: readonly string[]) {
  const { code, stdout } = await runCli([...argv, "--json", "--home", home], { cwd: folder });
  return { code, said: JSON.parse(stdout) };
}

test("a home joins by what a node says, and what asks a network asks that one", async () => {
  const peers = ["/ip4/127.0.0.1/tcp/7461", "/dns4/store.example/tcp/7462"];
  expect(await run("list", "cases")).toMatchObject({
    code: 4,
    said: { code: "NETWORK_NOT_NAMED" },
  });
  const joined = await run(
    ...["join", "--rpc", rpc, "--swarm-key", "swarm.key", "--peer", ...peers],
  );
  expect(joined).toMatchObject({ code: 0, said: { chainId: "remesdev-1", rpc, peers } });
  expect(statSync(join(home, "swarm.key")).mode & 0o777).toBe(0o600);
  expect(await run("list", "cases")).toEqual({ code: 0, said: { cases: [] } });
  expect(await run("localnet")).toMatchObject({ code: 8, said: { code: "HOME_TAKEN" } });
});

test("joined again, a home keeps the new addresses, but it joins no second network and reads no damaged file", async () => {
  const file = join(home, "network.json");
  const peers = ["/ip6/::1/tcp/7461", "/dns4/store.example/tcp/7462"];
  const again = ["join", "--rpc", rpc, "--swarm-key", "swarm.key", "--peer", ...peers];
  expect(await run(...again)).toMatchObject({ code: 0, said: { peers } });
  const kept = readFileSync(file, "utf8");
  const text = await runCli([...again, "--home", home], { cwd: folder });
  expect(text.stdout).toMatch(/next {4}npx r3mes init --home '.*a home of Ömer'\\''s'\n$/);
  expect(text.stderr).toContain(`asking ${rpc}`);

  const other = kept.replace("remesdev-1", "remestest-1");
  writeFileSync(file, other);
  const taken = { code: "HOME_TAKEN", facts: { home, network: "remestest-1" } };
  expect(await run(...again)).toMatchObject({ code: 8, said: taken });
  expect(readFileSync(file, "utf8")).toBe(other);

  writeFileSync(file, kept.replace('"version": 1', '"version": 2'));
  for (const argv of [["list", "cases"], ["init"], ["reproduce", "pool-1@latest"]]) {
    expect(await run(...argv)).toMatchObject({ code: 2, said: { code: "NETWORK_FILE_INVALID" } });
  }
  expect((await run(...again)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(kept);
});

test("a key is made for it, of words that are shown or given, and funded by nobody", async () => {
  const fresh = await run("init");
  expect(fresh).toMatchObject({ code: 0, said: { funded: "0", folder: join(home, "miner") } });
  expect(fresh.said.words.split(" ")).toHaveLength(24);
  expect(BigInt(fresh.said.locked)).toBeGreaterThan(0n);
  const config = readFileSync(join(home, "miner/config.toml"), "utf8");
  expect(config).toContain("/dns4/store.example/tcp/7462");
  expect(config).toContain(`rpc = "${rpc}"`);
  // Nothing in the folder says where it lies, so it can be moved.
  expect(config).not.toContain(folder);
  expect(readFileSync(join(home, "miner/swarm.key"), "utf8")).toContain("01".repeat(32));

  const again = ["init", "--role", "verifier", "--words", "words.txt"];
  const known = await run(...again);
  expect(known).toMatchObject({ code: 0, said: { words } });
  // Nobody is told to delete a key.
  expect(await run(...again)).toMatchObject({ code: 8, said: { code: "PARTICIPANT_EXISTS" } });
  writeFileSync(join(folder, "words.txt"), words.replace("art", "abandon"));
  expect(await run(...again, "--folder", "other")).toMatchObject({
    code: 5,
    said: { code: "MNEMONIC_INVALID" },
  });

  const text = await runCli(["init", "--role", "challenger", "--home", home], { cwd: folder });
  expect(text.stdout).toContain("to fund  send it what it locks");
  const { next } = /next {5}(?<next>.*)/.exec(text.stdout)!.groups!;
  expect(next).toContain("'\\''s/challenger'");
});

test("the settings of each role are shown with what they mean, by its folder", async () => {
  for (const [role, key] of [
    ["miner", "mine.slots"],
    ["verifier", "verify.bondUremes"],
    ["challenger", "challenge.memoryMib"],
  ] as const) {
    const { code, said } = await run("config", "show", join(home, role));
    expect(code).toBe(0);
    const settings = said.settings as readonly { key: string; description: string }[];
    expect(settings.find((setting) => setting.key === key)?.description).toMatch(/\w/);
    expect(JSON.stringify(settings)).not.toContain(
      readFileSync(join(home, role, "password"), "utf8"),
    );
  }
  const config = join(home, "miner/config.toml");
  appendFileSync(config, "\nslot = 7\n");
  expect(await run("config", "show", join(home, "miner"))).toMatchObject({
    code: 2,
    said: { code: "CONFIG_KEY_UNKNOWN", facts: { key: "mine.slot", nearest: "mine.slots" } },
  });
  expect(await run("config", "show", "nowhere")).toMatchObject({
    code: 3,
    said: { code: "FILE_UNREADABLE", facts: { reason: "there is no such file" } },
  });
});
