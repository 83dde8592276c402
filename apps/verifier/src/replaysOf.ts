/** What training a submission's chunk again needs of a verifier's ports. */
import type { ReplayDeps } from "@r3mes/participant";
import type { VerifierDeps } from "./verifierDeps.ts";

export function replaysOf(deps: VerifierDeps): ReplayDeps {
  const { query, hash } = deps;
  return {
    query,
    ...(hash === undefined ? {} : { hash }),
    async openPool(pool) {
      const { opened, training } = await deps.openPool(pool);
      return { opened, session: training };
    },
  };
}
