/** Decides which build of the kernels a machine can be trusted with. */
import { R3mesError } from "@r3mes/protocol";
import type { Backend } from "../backend.ts";
import { CONTROL_BYTES } from "./commands.ts";
import type { KernelBuild, WasmHost } from "./host.ts";
import { passesSelfTest, SELF_TEST_BYTES } from "./selfTest.ts";

export interface BuildChoice {
  /** The only build to try; by default relaxed, then base. */
  readonly wanted?: KernelBuild | undefined;
  /** A backend of one thread with the kernels of a build. */
  readonly backendWith: (build: KernelBuild) => Backend;
}

/** The build to use, after its self-test on this machine. Falls back to base, and says so. */
export async function chooseBuild(
  host: WasmHost,
  { wanted, backendWith }: BuildChoice,
): Promise<KernelBuild> {
  const builds: readonly KernelBuild[] = wanted === undefined ? ["relaxed", "base"] : [wanted];
  for (const build of builds) {
    const reason = await buildFault(host, build, backendWith);
    if (reason === undefined) return build;
    if (build === builds.at(-1)) throw reason;
    host.warn("the relaxed kernels are not used on this machine", { code: reason.code });
  }
  throw new RangeError("no build was tried");
}

async function buildFault(
  host: WasmHost,
  build: KernelBuild,
  backendWith: BuildChoice["backendWith"],
): Promise<R3mesError | undefined> {
  try {
    const machine = host.openMachine(build, CONTROL_BYTES + SELF_TEST_BYTES);
    const options = { isWide: build === "base", isCompiledOnce: host.isExperimental };
    const isExact =
      passesSelfTest(machine, CONTROL_BYTES, options) &&
      (!host.isExperimental || (await passesCases(backendWith(build))));
    return isExact ? undefined : new R3mesError({ code: "KERNEL_SELF_TEST_FAILED", build });
  } catch (error) {
    if (error instanceof R3mesError && error.code === "KERNEL_BUILD_UNSUPPORTED") return error;
    throw error;
  }
}

/** Nobody else pays for the cases. */
async function passesCases(backend: Backend): Promise<boolean> {
  const caseTest = await import("./caseTest.ts");
  return caseTest.passesCases(backend);
}
