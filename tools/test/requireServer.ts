/**
 * Finds the real servers and programs that some tests need. Where one is missing its tests are skipped by name,
 * with the reason; in CI a missing one is a failure, so that no test is lost without a word.
 */
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { R3mesError } from "@r3mes/protocol";

export type ServerName = "chromium" | "postgresql" | "python" | "redis";

export type Server =
  | { readonly available: true; readonly path: string }
  | { readonly available: false; readonly reason: string };

type Search = {
  /** Names of the program, the best first. */
  readonly programs: readonly string[];
  /** Folder with one folder a version, each with a `bin`; Debian keeps its PostgreSQL there. */
  readonly versionsFolder?: string;
};

const searches: Readonly<Record<ServerName, Search>> = {
  chromium: { programs: ["chromium", "chromium-browser", "google-chrome"] },
  postgresql: { programs: ["postgres"], versionsFolder: "/usr/lib/postgresql" },
  python: { programs: ["python3"] },
  redis: { programs: ["redis-server"] },
};

/**
 * Skip with `context.skip(server.reason)` where it is not available. Throws TEST_SERVER_MISSING
 * instead when `CI` is "true".
 */
export function requireServer(
  server: ServerName,
  environment: NodeJS.ProcessEnv = process.env,
): Server {
  const { programs, versionsFolder } = searches[server];
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  if (versionsFolder !== undefined) folders.push(...binFolders(versionsFolder));
  const paths = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  const path = paths.find(isExecutable);
  if (path !== undefined) return { available: true, path };
  if (environment.CI === "true") throw new R3mesError({ code: "TEST_SERVER_MISSING", server });
  return { available: false, reason: `${server} is not installed: no ${programs.join(", ")}` };
}

/** The newest version first. */
function binFolders(versionsFolder: string): readonly string[] {
  try {
    const versions = readdirSync(versionsFolder).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(versionsFolder, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
