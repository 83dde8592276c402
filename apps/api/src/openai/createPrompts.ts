/**
 * Texts and conversations as prompts. A text that cannot fit is refused before it is cut into tokens, because that takes time in
 * proportion to it.
 */
import type { ChatMessage, ModelManifest, Tokenizer } from "@r3mes/models";
import { createChatPrompt } from "@r3mes/models/chat";
import { R3mesError } from "@r3mes/protocol";
import type { ChatRequest } from "./requestSchemas.ts";

export interface Prompts {
  /** Throws CONTEXT_EXCEEDED, CHAT_TEMPLATE_INVALID. */
  chat(messages: ChatRequest["messages"]): number[];
  /** Text as it is continued: behind the token that ends the text before it. Throws CONTEXT_EXCEEDED. */
  text(text: string): number[];
  /** Throws CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY. */
  tokens(tokens: readonly number[]): number[];
}

/** @param manifest of a model with a tokenizer */
export function createPrompts(manifest: ModelManifest, tokenizer: Tokenizer): Prompts {
  const { context, vocabulary } = manifest.architecture;
  const { endOfText, chatTemplate } = manifest.tokenizer!;
  const longest = longestToken(tokenizer);
  const layOut = chatTemplate === undefined ? undefined : createChatPrompt(chatTemplate, tokenizer);

  function requireShort(text: string): void {
    const tokens = Math.ceil(Buffer.byteLength(text) / longest);
    if (tokens > context) throw exceeded(tokens);
  }

  function exceeded(tokens: number): R3mesError {
    return new R3mesError({ code: "CONTEXT_EXCEEDED", tokens, context });
  }

  function fitting(tokens: number[]): number[] {
    if (tokens.length > context) throw exceeded(tokens.length);
    return tokens;
  }

  function plain(text: string): number[] {
    requireShort(text);
    return fitting([endOfText, ...tokenizer.encode(text.toWellFormed())]);
  }

  return {
    chat(messages) {
      const spoken = messages.map(asMessage);
      if (layOut === undefined) return plain(spoken.map(({ content }) => content).join("\n"));
      requireShort(spoken.map(({ content }) => content).join(""));
      return fitting(layOut(spoken));
    },
    text: plain,
    tokens(tokens) {
      const stray = tokens.find((token) => token >= vocabulary);
      if (stray !== undefined) {
        throw new R3mesError({ code: "TOKEN_OUT_OF_VOCABULARY", token: stray, vocabulary });
      }
      return fitting([...tokens]);
    },
  };
}

function asMessage(message: ChatRequest["messages"][number]): ChatMessage {
  const { role } = message;
  const said = message.content ?? (role === "assistant" ? message.refusal : "") ?? "";
  const text = typeof said === "string" ? said : said.map(textOfPart).join("");
  return { role: role === "developer" ? "system" : role, content: text.toWellFormed() };
}

type Part = { readonly text: string } | { readonly refusal: string };

const textOfPart = (part: Part) => ("text" in part ? part.text : part.refusal);

/** Bytes of the longest entry: a text of n bytes has at least n / longest tokens. */
function longestToken(tokenizer: Tokenizer): number {
  let longest = 1;
  for (let token = 0; token < tokenizer.vocabulary; token += 1) {
    longest = Math.max(longest, Buffer.byteLength(tokenizer.decode([token])));
  }
  return longest;
}
