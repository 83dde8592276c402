/** The faults of the protocol in words: what was done, what it concerns, how to avoid it. Source: spec/reward.md. */

export type FaultWords = {
  readonly done: string;
  readonly avoid: string;
  readonly subject: "submission" | "case" | "epoch" | null;
};

const faults: Readonly<Record<string, FaultWords>> = {
  late_reveal: {
    done: "Revealed its work after the window",
    avoid: "Keep the miner running until its submissions are revealed.",
    subject: "submission",
  },
  no_reveal: {
    done: "Never revealed its work",
    avoid: "Keep the miner running, and do not delete its journal.",
    subject: "submission",
  },
  no_opening: {
    done: "Did not open the drawn step",
    avoid: "Keep the states of a chunk until its audit is settled.",
    subject: "submission",
  },
  wrong_step: {
    done: "Handed in a wrong step or update",
    avoid: "Run npx r3mes conformance: unstable memory or overclocking is the usual cause.",
    subject: "submission",
  },
  missed_audit: {
    done: "Gave no verdict on a drawn step",
    avoid:
      "Keep the verifier online: saying that a step cannot be checked costs nothing, silence does.",
    subject: "submission",
  },
  wrong_verdict: {
    done: "Gave a verdict that was found wrong",
    avoid: "Run npx r3mes conformance before verifying.",
    subject: "submission",
  },
  missed_beacon: {
    done: "Did not open its part of a beacon",
    avoid: "Keep the verifier online through the whole epoch.",
    subject: "epoch",
  },
  wrong_sum: {
    done: "Attested a wrong or undefended sum",
    avoid:
      "Run npx r3mes conformance before verifying, and keep the verifier online while a sum is disputed.",
    subject: "case",
  },
  false_challenge: {
    done: "Challenged work that was right",
    avoid: "Challenge only what your own replay found wrong.",
    subject: "case",
  },
};

export function faultOf(fault: string): FaultWords {
  return (
    faults[fault] ?? { done: fault, avoid: "This fault is not known to this page.", subject: null }
  );
}
