/** The chat template of a checkpoint: from `chat_template.jinja`, or from `tokenizer_config.json` as older ones have it. */
import { decodeText } from "../text/decodeText.ts";
import type { ChatTemplate } from "../tokenizer/createChatPrompt.ts";
import type { CheckpointFiles } from "./openCheckpoint.ts";

const TEMPLATE_FILE = "chat_template.jinja";
const TOKENIZER_CONFIG_FILE = "tokenizer_config.json";

/** @returns undefined for a checkpoint that was not trained to talk */
export async function readChatTemplate(files: CheckpointFiles): Promise<ChatTemplate | undefined> {
  const config = parseObject(await files.read(TOKENIZER_CONFIG_FILE));
  const own = await files.read(TEMPLATE_FILE);
  const source = own === undefined ? templateOf(config.chat_template) : decodeText(own);
  if (source === undefined) return undefined;
  return {
    source,
    beginOfText: tokenText(config.bos_token),
    endOfText: tokenText(config.eos_token),
  };
}

/** One template, or the one called default of several. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const named = value as readonly { readonly name?: unknown; readonly template?: unknown }[];
  const found = named.find((entry) => entry?.name === "default")?.template;
  return typeof found === "string" ? found : undefined;
}

/** A token is written as text or as an object with its content. */
function tokenText(value: unknown): string {
  if (typeof value === "string") return value;
  const content = (value as { readonly content?: unknown } | null | undefined)?.content;
  return typeof content === "string" ? content : "";
}

function parseObject(bytes: Uint8Array | undefined): { readonly [name: string]: unknown } {
  if (bytes === undefined) return {};
  try {
    return Object(JSON.parse(decodeText(bytes) ?? ""));
  } catch {
    return {};
  }
}
