/**
 * Compiles the engine's native kernels: once for each set of instructions of this architecture, then
 * links them into one addon that chooses at run time. The addon replaces the old one only when it is
 * whole, so a process that has the old one loaded keeps it. `cc` may be gcc or clang. Arguments are
 * further flags for it, such as a sanitizer's; `--sources=` and `--output=` name other places.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const sources = placeOf("--sources=") ?? join(root, "packages/engine/src/kernels/native");
const output = placeOf("--output=") ?? join(root, "packages/engine/build/native/kernels.node");

/** What each set needs beyond the architecture's own minimum; `scalar` is everywhere. */
const setsOf =
  /** @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>} */ ({
    x64: {
      avx2: ["-mavx2"],
      avx512vnni: [
        "-mavx512f",
        "-mavx512bw",
        "-mavx512vl",
        "-mavx512dq",
        "-mavx512cd",
        "-mavx512vnni",
      ],
    },
    arm64: { neondot: ["-march=armv8.2-a+dotprod"] },
  });

/**
 * No flag here may change arithmetic; the sanitizers check that nothing undefined is relied on. A
 * warning is an error on CI alone: a compiler that warns of more must not cost its user the kernels.
 */
const compileFlags = [
  ...["-std=c11", "-O3", "-fPIC", "-pthread", "-fvisibility=hidden", "-fno-strict-aliasing"],
  ...["-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Wshadow"],
  ...(process.env.CI === undefined ? [] : ["-Werror"]),
  ...["-I", join(root, "node_modules/node-api-headers/include")],
];

const linkFlags =
  process.platform === "darwin"
    ? ["-bundle", "-undefined", "dynamic_lookup"]
    : ["-shared", "-pthread"];

/** @param {string} flag */
function placeOf(flag) {
  return process.argv.find((argument) => argument.startsWith(flag))?.slice(flag.length);
}

/** @param {readonly string[]} args */
function compile(args) {
  const { status, error } = spawnSync("cc", args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`cc ${args.join(" ")} ended with ${status}`);
}

const sets = { scalar: [], ...setsOf[process.arch] };
const folder = mkdtempSync(join(tmpdir(), "r3mes-native-"));
try {
  const extra = process.argv.slice(2).filter((flag) => !/^--(sources|output)=/.test(flag));
  const objects = Object.entries(sets).map(([set, flags]) => {
    const object = join(folder, `${set}.o`);
    const source = ["-c", join(sources, "kernels.c"), "-o", object];
    compile([...compileFlags, ...extra, ...flags, `-DR3MES_SET=${set}`, ...source]);
    return object;
  });
  for (const name of ["addon", "crew", "hashes", "sha256", "trees"]) {
    const object = join(folder, `${name}.o`);
    compile([...compileFlags, ...extra, "-c", join(sources, `${name}.c`), "-o", object]);
    objects.push(object);
  }
  mkdirSync(join(output, ".."), { recursive: true });
  const draft = `${output}.draft`;
  compile([...linkFlags, ...extra, ...objects, "-o", draft]);
  renameSync(draft, output);
} finally {
  rmSync(folder, { recursive: true });
}
