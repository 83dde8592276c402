/** Commands by the kernels of one instance, which exports them by name. */
import { type Execute, executeWith } from "./commands.ts";
import type { Kernels } from "./host.ts";
import { KERNEL_NAMES } from "./kernelNames.ts";

export function executeExports(kernels: Kernels): Execute {
  return executeWith(KERNEL_NAMES.map((name) => kernels[name]!));
}
