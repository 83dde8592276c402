/**
 * Finds a Vulkan driver for the tests that compute on a GPU: one that the machine has set up, else the
 * software one that Debian's chromium brings. Without any, tests are skipped by name; in CI that fails.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import type { Server } from "./requireServer.ts";

const variables = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] as const;
const softwareDriver = "/usr/lib/chromium/vk_swiftshader_icd.json";
const driverFolders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

export type DriverSearch = {
  readonly softwareDriver: string;
  readonly driverFolders: readonly string[];
};

/**
 * The driver's manifest. Where it is the software one, `environment` is made to name it, since a loader
 * reads the environment alone; call this before anything loads WebGPU. Throws TEST_SERVER_MISSING when
 * `CI` is "true" and there is none.
 */
export function requireGpuDriver(
  environment: NodeJS.ProcessEnv = process.env,
  search: DriverSearch = { softwareDriver, driverFolders },
): Server {
  const named = variables.map((name) => environment[name]).find((path) => path !== undefined);
  if (named !== undefined) return { available: true, path: named };
  if (existsSync(search.softwareDriver)) {
    environment.VK_ICD_FILENAMES = search.softwareDriver;
    return { available: true, path: search.softwareDriver };
  }
  const installed = search.driverFolders.flatMap(manifestsIn)[0];
  if (installed !== undefined) return { available: true, path: installed };
  if (environment.CI === "true") {
    throw new R3mesError({ code: "TEST_SERVER_MISSING", server: "a Vulkan driver" });
  }
  return { available: false, reason: `there is no Vulkan driver: no ${search.softwareDriver}` };
}

function manifestsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
}
