import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requireServer } from "./requireServer.ts";

test("a server on the PATH is found, and a file that cannot be run is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-servers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "chromium"), "no program");
  writeFileSync(join(folder, "google-chrome"), "#!/bin/sh\n");
  chmodSync(join(folder, "google-chrome"), 0o755);
  expect(requireServer("chromium", { PATH: `/nowhere:${folder}` })).toEqual({
    available: true,
    path: join(folder, "google-chrome"),
  });
});

test("a missing server is unavailable with the reason on a person's machine", () => {
  expect(requireServer("redis", { PATH: "/nowhere" })).toEqual({
    available: false,
    reason: "redis is not installed: no redis-server",
  });
});

test("a missing server fails in CI", () => {
  expect(() => requireServer("redis", { PATH: "/nowhere", CI: "true" })).toThrow(
    expect.objectContaining({ code: "TEST_SERVER_MISSING", facts: { server: "redis" } }),
  );
});
