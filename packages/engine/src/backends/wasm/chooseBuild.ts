/** Decides which build of the kernels a machine can be trusted with. */
import { R3mesError } from "@r3mes/protocol";
import { CONTROL_BYTES } from "./commands.ts";
import type { KernelBuild, WasmHost } from "./host.ts";
import { passesSelfTest, SELF_TEST_BYTES } from "./selfTest.ts";

/** The build to use, after its self-test on this machine. Falls back to base, and says so. */
export function chooseBuild(host: WasmHost, wanted?: KernelBuild): KernelBuild {
  const builds: readonly KernelBuild[] = wanted === undefined ? ["relaxed", "base"] : [wanted];
  for (const build of builds) {
    const reason = buildFault(host, build);
    if (reason === undefined) return build;
    if (build === builds.at(-1)) throw reason;
    host.warn("the relaxed kernels are not used on this machine", { code: reason.code });
  }
  throw new RangeError("no build was tried");
}

function buildFault(host: WasmHost, build: KernelBuild): R3mesError | undefined {
  try {
    const machine = host.openMachine(build, CONTROL_BYTES + SELF_TEST_BYTES);
    if (passesSelfTest(machine, CONTROL_BYTES, build === "base")) return undefined;
    return new R3mesError({ code: "KERNEL_SELF_TEST_FAILED", build });
  } catch (error) {
    if (error instanceof R3mesError && error.code === "KERNEL_BUILD_UNSUPPORTED") return error;
    throw error;
  }
}
