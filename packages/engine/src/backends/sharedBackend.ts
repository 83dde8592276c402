/** A backend from how it prepares several programs: one is prepared as one of them. */
import type { SharedBackend } from "./backend.ts";

export function sharedBackend(
  name: string,
  prepareAll: SharedBackend["prepareAll"],
): SharedBackend {
  return {
    name,
    prepareAll,
    async prepare(program, weights) {
      const [session] = await prepareAll([{ program, state: "its own" }], weights);
      return session!;
    },
  };
}
