import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { describeConfig } from "./describeConfig.ts";
import { type ConfigSources, loadConfig } from "./loadConfig.ts";
import { secretSetting } from "./secretSetting.ts";

const schema = z.object({
  log: z.object({
    level: z.enum(["debug", "info", "warn"]).default("info").describe("Least level written."),
    pretty: z.boolean().optional(),
  }),
  api: z.object({
    port: z.number().int().min(1).max(65_535).default(8080),
    origins: z.array(z.string().min(1)).default([]),
    adminToken: secretSetting().optional(),
  }),
});

let folders: string[] = [];
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  folders = [];
});

function write(text: string, name = "config.toml"): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-config-"));
  folders.push(folder);
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function beside(path: string, text: string): string {
  const file = join(dirname(path), "config.toml");
  writeFileSync(file, text);
  return file;
}

function load(sources: Partial<ConfigSources>) {
  return loadConfig(schema, { file: "absent.toml", env: {}, ...sources });
}

function refusal(sources: Partial<ConfigSources>): R3mesError {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof R3mesError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

test("flags beat the environment, which beats the file, which beats the default", () => {
  const file = write('[log]\nlevel = "warn"\npretty = true\n[api]\nport = 1\norigins = ["a"]\n');
  const config = load({
    file,
    env: { R3MES_API_PORT: "2", R3MES_LOG_PRETTY: "false", PATH: "/bin" },
    flags: { "api.port": { flag: "--port", value: "3" }, "log.level": undefined },
  });
  expect(config.values).toEqual({
    log: { level: "warn", pretty: false },
    api: { port: 3, origins: ["a"] },
  });
  expect(config.originOf("api.port")).toBe("--port");
  expect(config.originOf("log.pretty")).toBe("environment R3MES_LOG_PRETTY");
  expect(config.originOf("log.level")).toBe(file);
  expect(config.originOf("api.adminToken")).toBe("default");
});

test("without any source every default applies", () => {
  expect(load({}).values).toEqual({ log: { level: "info" }, api: { port: 8080, origins: [] } });
});

test("an empty variable counts as absent, and a list is separated by commas", () => {
  const config = load({ env: { R3MES_API_PORT: "", R3MES_API_ORIGINS: "a, b" } });
  expect(config.values.api).toEqual({ port: 8080, origins: ["a", "b"] });
});

test("an unknown key is refused with the nearest known name, wherever it stands", () => {
  expect(refusal({ file: write("[api]\nprot = 1\n") }).facts).toMatchObject({
    key: "api.prot",
    nearest: "api.port",
  });
  const fromEnv = refusal({ env: { R3MES_API_PROT: "1" } });
  expect(fromEnv.code).toBe("CONFIG_KEY_UNKNOWN");
  expect(fromEnv.facts).toMatchObject({ key: "R3MES_API_PROT", nearest: "R3MES_API_PORT" });
  expect(load({ env: { R3MES_HOME: "x" }, envIgnored: ["R3MES_HOME"] }).values.api.port).toBe(8080);
});

test("a value of the wrong form names its key, its origin and the reason", () => {
  const error = refusal({ env: { R3MES_API_PORT: "eighty" } });
  expect(error.code).toBe("CONFIG_INVALID");
  expect(error.facts).toMatchObject({ key: "api.port", origin: "environment R3MES_API_PORT" });
  expect(error.facts.reason).toContain("number");
  expect(refusal({ flags: { "api.port": { flag: "--port", value: "0" } } }).facts).toMatchObject({
    origin: "--port",
  });
  const inList = refusal({ file: write('[api]\norigins = ["a", ""]\n') });
  expect(inList.facts).toMatchObject({ key: "api.origins" });
  expect(refusal({ file: write("api = 3\n") }).code).toBe("CONFIG_KEY_UNKNOWN");
});

test("a file that is no TOML is named with the line", () => {
  const error = refusal({ file: write("[api]\nport = = 3\n") });
  expect(error.code).toBe("CONFIG_MALFORMED");
  expect(error.facts).toMatchObject({ line: 2 });
});

test("a required file must exist, and a folder in its place is told", () => {
  expect(refusal({ fileRequired: true }).code).toBe("FILE_UNREADABLE");
  expect(refusal({ file: tmpdir() }).facts).toMatchObject({ reason: "EISDIR" });
  expect(load({ file: join(write(""), "below/a/file") }).values.api.port).toBe(8080);
});

test("a secret comes from a variable or a file and is shown nowhere", () => {
  const token = write("hunter2\n", "token");
  const loaded = [
    load({ env: { R3MES_API_ADMIN_TOKEN: "hunter2" } }),
    load({ env: { R3MES_API_ADMIN_TOKEN_FILE: token } }),
    load({ file: write(`[api]\nadminTokenFile = "${token}"\n`) }),
    // A relative path begins at the file that names it.
    load({ file: beside(token, '[api]\nadminTokenFile = "token"\n') }),
  ];
  for (const config of loaded) {
    expect(config.values.api.adminToken?.reveal()).toBe("hunter2");
    const rows = describeConfig(config);
    expect(rows.find((row) => row.key === "api.adminToken")?.value).toBe("[redacted]");
    expect(JSON.stringify([rows, config])).not.toContain("hunter2");
  }
});

test("a secret on the command line or in the configuration file is refused unseen", () => {
  const refusals = [
    refusal({ flags: { "api.adminToken": { flag: "--token", value: "hunter2" } } }),
    refusal({ file: write('[api]\nadminToken = "hunter2"\n') }),
  ];
  for (const error of refusals) {
    expect(error.code).toBe("CONFIG_SECRET_EXPOSED");
    expect(JSON.stringify(error)).not.toContain("hunter2");
  }
});

test("a secret given twice, or from a file that is not there, is refused", () => {
  const both = { R3MES_API_ADMIN_TOKEN: "a", R3MES_API_ADMIN_TOKEN_FILE: "b" };
  expect(refusal({ env: both }).code).toBe("CONFIG_INVALID");
  const missing = { R3MES_API_ADMIN_TOKEN_FILE: "absent" };
  expect(refusal({ env: missing }).code).toBe("FILE_UNREADABLE");
});

test("the rows carry key, value, origin and meaning", () => {
  expect(describeConfig(load({}))[0]).toEqual({
    key: "log.level",
    value: "info",
    origin: "default",
    description: "Least level written.",
  });
});
