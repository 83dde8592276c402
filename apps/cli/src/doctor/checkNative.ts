/** Whether native kernels are compiled here and which set of instructions passes its self-test. */
import { createNativeBackend } from "@r3mes/engine";
import { createNodeNativeHost } from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import { type Check, ok, warn } from "./check.ts";

/** Without them the WebAssembly kernels do the work, and give the same bytes. */
export async function checkNative(): Promise<Check> {
  try {
    const wrong: string[] = [];
    const host = createNodeNativeHost({ warn: (_text, facts) => void wrong.push(`${facts.set}`) });
    const set = await createNativeBackend(host).instructions();
    if (wrong.length === 0) return ok("native", set);
    const remedy =
      "Say so in an issue, with the processor: these kernels compute other bytes there.";
    return warn("native", `${set}; not exact: ${wrong.join(", ")}`, remedy);
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    if (error.code === "NATIVE_KERNELS_ABSENT") return warn("native", "not compiled", error.next);
    return warn("native", error.message, error.next);
  }
}
