/** What the form of a new key says, as the API takes it. */
import type { NewApiKey } from "../../api/records.ts";

export type KeyForm = {
  readonly label: string;
  /** Names with commas or spaces between them; empty for all. */
  readonly models: string;
  /** Credits that it may spend in all; empty for as many as the account has. */
  readonly cap: string;
  /** Days until it ends; empty for never. */
  readonly days: string;
  readonly mayManage: boolean;
};

export const emptyKeyForm: KeyForm = {
  ...{ label: "", models: "", cap: "", days: "", mayManage: false },
};

const dayMs = 86_400_000;

/** Whether the key is bound or capped: then it may not manage keys, since it could make one that is neither. */
export function isLimited({ models, cap }: KeyForm): boolean {
  return models.trim() !== "" || cap !== "";
}

export function newKeyOf(form: KeyForm, nowMs: number): NewApiKey {
  const models = form.models.split(/[\s,]+/).filter((name) => name !== "");
  return {
    label: form.label.trim(),
    scopes: form.mayManage ? ["inference", "keys"] : ["inference"],
    ...(models.length === 0 ? {} : { models }),
    ...(form.cap === "" ? {} : { cap: Number(form.cap) }),
    ...(form.days === ""
      ? {}
      : { expires_at: new Date(nowMs + Number(form.days) * dayMs).toISOString() }),
  };
}
