/**
 * A secret shows itself only to code that calls `reveal`. Printing, logging, inspecting or
 * serialising one gives "[redacted]", so that a leak takes a deliberate step.
 */
import { inspect } from "node:util";

export const redacted = "[redacted]";

export type Secret = {
  readonly reveal: () => string;
  readonly toString: () => string;
  readonly toJSON: () => string;
};

export function createSecret(text: string): Secret {
  const hide = (): string => redacted;
  const secret = { reveal: () => text, toString: hide, toJSON: hide, [inspect.custom]: hide };
  for (const name of Object.keys(secret)) {
    Object.defineProperty(secret, name, { enumerable: false });
  }
  return Object.freeze(secret);
}
