/** Plays the cases that a verdict or a sum of its own is about, on either side. Source: spec/verification.md sections 2 to 5. */
import { type CasePlayer, createCasePlayer } from "@r3mes/participant";
import { replaysOf } from "../replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";

export function createCases(options: VerifierOptions, deps: VerifierDeps): CasePlayer {
  return createCasePlayer(options, { ...deps, ...replaysOf(deps), bring: deps.bringSoon });
}
