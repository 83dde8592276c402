/**
 * A conversation as tokens, by the Jinja template that a model was trained with. What people write never becomes a control token,
 * whatever they write: only the template's own text does.
 */
import { Template } from "@huggingface/jinja";
import { R3mesError } from "@r3mes/protocol";
import type { Tokenizer } from "./loadTokenizer.ts";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatTemplate {
  /** Jinja source. */
  readonly source: string;
  /** What the template calls `bos_token` and `eos_token`. */
  readonly beginOfText: string;
  readonly endOfText: string;
}

/** @returns the prompt's tokens, ending where the assistant's answer begins */
export type ChatPrompt = (messages: readonly ChatMessage[]) => number[];

// From rendering to encoding a number between two of these private-use characters stands for a control token that somebody spelled.
const MARK = "\ue000";
const marked = new RegExp(`${MARK}(\\d+)${MARK}`);

/** @throws CHAT_TEMPLATE_INVALID if the template cannot be read, and later if it refuses the messages */
export function createChatPrompt(template: ChatTemplate, tokenizer: Tokenizer): ChatPrompt {
  const compiled = guard(() => new Template(template.source));
  return (messages) => {
    const spelled: string[] = [];
    const rendered = guard(() =>
      compiled.render({
        messages: messages.map(({ role, content }) => ({
          role,
          content: withoutControlTokens(content, tokenizer, spelled),
        })),
        bos_token: template.beginOfText,
        eos_token: template.endOfText,
        add_generation_prompt: true,
      }),
    );
    // Every other piece is a number.
    return rendered
      .split(marked)
      .flatMap((piece, i) =>
        i % 2 === 0
          ? tokenizer.encodePrompt(piece)
          : tokenizer.encode(spelled[Number(piece)] ?? ""),
      );
  };
}

/** The text with a mark for each control token in it: the place in `spelled` to which the token's text is added. */
function withoutControlTokens(text: string, tokenizer: Tokenizer, spelled: string[]): string {
  const names = tokenizer.controlTokens().toSorted((a, b) => b.length - a.length);
  const pattern = [MARK, ...names].map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return text.replace(new RegExp(pattern.join("|"), "g"), (found) => {
    return `${MARK}${spelled.push(found) - 1}${MARK}`;
  });
}

function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new R3mesError({ code: "CHAT_TEMPLATE_INVALID", reason }, { cause });
  }
}
