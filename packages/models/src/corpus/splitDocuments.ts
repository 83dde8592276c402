/** Splits a corpus into text to train on, to choose by and to publish by, and keeps them apart. */
import { longSentencesOf, withoutSentences } from "./deduplicate.ts";
import type { SourceDocument } from "./document.ts";

/** Documents by purpose. No long sentence of one part occurs in another that is trained on. */
export interface CorpusParts<D extends SourceDocument = SourceDocument> {
  readonly train: readonly D[];
  /** For choosing rates and schedules. Empty where the corpus has no such part. */
  readonly validation: readonly D[];
  /** For the figures that are published. Never looked at while choosing. */
  readonly heldOut: readonly D[];
}

/** Which documents go where: by position, every `period`-th. */
export interface SplitRule {
  readonly period: number;
  readonly heldOutAt: number;
  /** Left out: the corpus has no validation part. */
  readonly validationAt?: number;
}

/** One document in ten for publishing, one in ten for choosing. */
export const DOMAIN_SPLIT: SplitRule = { period: 10, heldOutAt: 3, validationAt: 8 };

/** One document in twenty is held out: pre-training needs the text more than the figure needs digits. */
export const PRETRAINING_SPLIT: SplitRule = { period: 20, heldOutAt: 7 };

/**
 * Splits by whole documents, then removes from the training part, and from the validation part, every long sentence that
 * is held out, and from the training part those of the validation part.
 *
 * @param excluded long sentences that must not be trained on either, for instance those held out in another corpus
 */
export function splitDocuments<D extends SourceDocument>(
  documents: readonly D[],
  rule: SplitRule,
  excluded: ReadonlySet<string> = new Set(),
): CorpusParts<D> {
  const at = (position: number | undefined) =>
    documents.filter((_, index) => index % rule.period === position);
  const heldOut = at(rule.heldOutAt);
  const heldOutSentences = longSentencesOf(heldOut);
  const validation = withoutSentences(at(rule.validationAt), heldOutSentences);
  const untrained = new Set([...heldOutSentences, ...longSentencesOf(validation), ...excluded]);
  const rest = documents.filter((_, index) => {
    const position = index % rule.period;
    return position !== rule.heldOutAt && position !== rule.validationAt;
  });
  return { train: withoutSentences(rest, untrained), validation, heldOut };
}
