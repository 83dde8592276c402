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
  text(text: string, field: TextField): number[];
  /** Throws CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY. */
  tokens(tokens: readonly number[], field: TextField): number[];
}

/** Of a request, which an error names. */
export type TextField = "prompt" | "input";

/** @param manifest of a model with a tokenizer */
export function createPrompts(manifest: ModelManifest, tokenizer: Tokenizer): Prompts {
  const { context, vocabulary } = manifest.architecture;
  const { endOfText, chatTemplate } = manifest.tokenizer!;
  const longest = longestToken(tokenizer);
  const layOut = chatTemplate === undefined ? undefined : createChatPrompt(chatTemplate, tokenizer);

  function requireShort(text: string, field: string): void {
    const tokens = Math.ceil(Buffer.byteLength(text) / longest);
    if (tokens > context) throw exceeded(tokens, field);
  }

  function exceeded(tokens: number, field: string): R3mesError {
    return new R3mesError({ code: "CONTEXT_EXCEEDED", tokens, context, field });
  }

  function fitting(tokens: number[], field: string): number[] {
    if (tokens.length > context) throw exceeded(tokens.length, field);
    return tokens;
  }

  function plain(text: string, field: string): number[] {
    requireShort(text, field);
    return fitting([endOfText, ...tokenizer.encode(text.toWellFormed())], field);
  }

  return {
    chat(messages) {
      const field = "messages";
      const said = messages.map(asMessage);
      if (layOut === undefined) return plain(said.map(({ content }) => content).join("\n"), field);
      requireShort(said.map(({ content }) => content).join(""), field);
      return fitting(layOut(said), field);
    },
    text: plain,
    tokens(tokens, field) {
      const stray = tokens.find((token) => token >= vocabulary);
      if (stray !== undefined) {
        throw new R3mesError({ code: "TOKEN_OUT_OF_VOCABULARY", token: stray, vocabulary, field });
      }
      return fitting([...tokens], field);
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
