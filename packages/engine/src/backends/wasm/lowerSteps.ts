/** The kernel calls of a planned program. It knows every lowering and no memory but the plan's addresses. */
import { R3mesError } from "@r3mes/protocol";
import type { Program } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import { type LoweringContext, requireFormat, type Slot } from "./draft.ts";
import type { StepDraft } from "./joinRows.ts";
import { attentionLowerings } from "./lowerings/attention.ts";
import { decodeLowerings } from "./lowerings/decode.ts";
import { fusedLowerings } from "./lowerings/fused.ts";
import { headLowerings } from "./lowerings/head.ts";
import { normLowerings } from "./lowerings/norm.ts";
import { productLowerings } from "./lowerings/products.ts";
import { rowLowerings } from "./lowerings/rows.ts";
import type { MemoryPlan } from "./planMemory.ts";
import type { Step } from "./steps.ts";

const LOWERINGS = {
  ...rowLowerings,
  ...productLowerings,
  ...normLowerings,
  ...attentionLowerings,
  ...headLowerings,
  ...decodeLowerings,
  ...fusedLowerings,
};

export interface LoweringOptions {
  readonly program: Program;
  readonly threads: number;
  readonly plan: MemoryPlan;
  readonly copies: ReadonlySet<number>;
  readonly steps: readonly Step[];
  readonly tables: { readonly exp2: number; readonly log2: number };
}

/** The kernel calls of each step, in order. */
export function lowerSteps({
  program,
  threads,
  plan,
  copies,
  steps,
  tables,
}: LoweringOptions): (readonly StepDraft[])[] {
  const sequences = sequencesOf(program);
  const bySequence = sequences >= threads && sequences % threads === 0;
  const slotOf = (id: number): Slot => {
    const tensor = program.tensors[id]!;
    const isTransposed = tensor.transposeOf !== undefined && !copies.has(id);
    return { tensor, at: plan.addresses[id]!, bytes: tensorBytes(tensor), isTransposed };
  };
  return steps.map(({ kind, name, params, inputs, outputs, temporaries }, position) => {
    const lowering = LOWERINGS[kind];
    if (lowering === undefined) {
      throw new R3mesError({ code: "PROGRAM_OPERATION_UNKNOWN", operation: name, kind });
    }
    const optional: LoweringContext["optional"] = (input, dtype) => {
      const id = inputs.get(input);
      if (id === undefined) return undefined;
      const slot = slotOf(id);
      const fits = dtype === undefined || slot.tensor.dtype === dtype;
      requireFormat(fits, name, `${slot.tensor.name} is ${dtype}`);
      return slot;
    };
    const drafts = lowering({
      params,
      threads,
      ...tables,
      optional,
      input: (input, dtype) => optional(input, dtype)!,
      output: (index) => slotOf(outputs[index]!),
      temporary: (index) => ({
        at: plan.temporaries[position]![index]!,
        bytes: temporaries[index]!,
      }),
      grainOf: (rows) => (bySequence && rows % sequences === 0 ? rows / sequences : 8),
    });
    return drafts.map((draft) => ({ ...draft, kind }));
  });
}

/** Sequences of the batch: rows of the tokens that the first embedding reads, 1 without one. */
function sequencesOf(program: Program): number {
  const embed = program.operations.find(({ kind }) => kind === "embed");
  return embed === undefined ? 1 : program.tensors[embed.inputs[0]!]!.rows;
}
