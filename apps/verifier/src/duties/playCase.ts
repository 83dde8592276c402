/** Plays a case that a verdict of its own has opened, on either side. Source: spec/verification.md section 2. */
import { type CasePlayer, createCasePlayer } from "@r3mes/participant";
import { replaysOf } from "../replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";

export function createCases(options: VerifierOptions, deps: VerifierDeps): CasePlayer {
  return createCasePlayer(options, { ...deps, ...replaysOf(deps) });
}
