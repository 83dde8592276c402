/** What training a submission's chunk again needs of a verifier's ports. */
import type { ReplayDeps } from "@r3mes/participant";
import type { VerifierDeps } from "./verifierDeps.ts";

/** `purpose` names the session that it counts for. */
export function replaysOf(
  deps: VerifierDeps,
  purpose: "training" | "replay" = "replay",
): ReplayDeps {
  const { query, hash } = deps;
  return {
    query,
    ...(hash === undefined ? {} : { hash }),
    async openPool(pool) {
      const { opened, [purpose]: session } = await deps.openPool(pool);
      return { opened, session };
    },
  };
}
