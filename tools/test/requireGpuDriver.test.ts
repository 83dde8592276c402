import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requireGpuDriver } from "./requireGpuDriver.ts";

const nowhere = { softwareDriver: "/nowhere/driver.json", driverFolders: ["/nowhere"] };

test("a driver that the machine names is taken before any other", () => {
  const environment: NodeJS.ProcessEnv = { VK_DRIVER_FILES: "/mine.json" };
  expect(requireGpuDriver(environment)).toEqual({ available: true, path: "/mine.json" });
});

test("the software driver is put where a loader looks for it", () => {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-driver-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const softwareDriver = join(folder, "driver.json");
  writeFileSync(softwareDriver, "{}");
  const environment: NodeJS.ProcessEnv = {};
  const search = { ...nowhere, softwareDriver };
  expect(requireGpuDriver(environment, search)).toEqual({ available: true, path: softwareDriver });
  expect(environment.VK_ICD_FILENAMES).toBe(softwareDriver);
  const installed = { ...nowhere, driverFolders: [folder] };
  expect(requireGpuDriver({}, installed)).toEqual({ available: true, path: softwareDriver });
});

test("a missing driver skips on a person's machine and fails in CI", () => {
  expect(requireGpuDriver({}, nowhere)).toMatchObject({ available: false });
  expect(() => requireGpuDriver({ CI: "true" }, nowhere)).toThrow(
    expect.objectContaining({ code: "TEST_SERVER_MISSING", facts: { server: "a Vulkan driver" } }),
  );
});
