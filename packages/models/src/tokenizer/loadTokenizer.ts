/**
 * A byte-level BPE tokenizer from a Hugging Face `tokenizer.json`. Encoding is left to their library; this module checks the
 * file, keeps text apart from control tokens and decodes by bytes. It must not reach a network.
 */
import { Tokenizer as BpeTokenizer } from "@huggingface/tokenizers";
import { R3mesError } from "@r3mes/protocol";
import { decodeText } from "../text/decodeText.ts";
import { bytesOfEntry } from "./byteAlphabet.ts";
import { createTextStream, type TextStream } from "./createTextStream.ts";

export interface Tokenizer {
  /** Token ids lie in 0 … vocabulary - 1. */
  readonly vocabulary: number;
  /** Text as tokens. Whatever the text says, it never becomes a control token. */
  encode(text: string): number[];
  /** A prompt that was laid out with control tokens (a chat template): those become tokens of their own. */
  encodePrompt(text: string): number[];
  /** The exact inverse of `encode`. Control tokens give no text; bytes that form no character give U+FFFD. */
  decode(tokens: readonly number[]): string;
  /** What a token is in UTF-8, which may be a part of a character; none for a control token. */
  bytesOf(token: number): Uint8Array;
  stream(): TextStream;
  /** The id of a control token such as `<eot>`. */
  controlToken(name: string): number | undefined;
  /** The names of all control tokens. */
  controlTokens(): readonly string[];
}

interface TokenizerFile {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly normalizer: unknown;
  readonly decoder: { readonly type: string };
  readonly model: { readonly type: string; readonly vocab: { readonly [entry: string]: number } };
}

const NO_BYTES = new Uint8Array(0);

/**
 * @param bytes the file; its hash belongs to the registration of a model
 * @param file its name, for messages
 * @throws TOKENIZER_INVALID if it is not a byte-level BPE that gives every text back
 */
export function loadTokenizer(bytes: Uint8Array, file: string): Tokenizer {
  const parsed = parseTokenizerFile(bytes, file);
  const control = new Map(parsed.added_tokens.map((token) => [token.content, token.id]));
  const bytesOfToken = readVocabulary(parsed, control, file);
  // Two encoders from one file: without its added tokens the library cannot take text for control.
  const plain = new BpeTokenizer({ ...parsed, added_tokens: [], post_processor: null }, {});
  const prompt = new BpeTokenizer({ ...parsed, post_processor: null }, {});
  const bytesOf = (token: number) => bytesOfToken[token] ?? NO_BYTES;
  const stream = () => createTextStream(bytesOf);
  return {
    vocabulary: bytesOfToken.length,
    encode: (text) => plain.encode(text, { add_special_tokens: false }).ids,
    encodePrompt: (text) => prompt.encode(text, { add_special_tokens: false }).ids,
    decode: (tokens) => {
      const decoder = stream();
      return tokens.map(decoder.push).join("") + decoder.end();
    },
    bytesOf,
    stream,
    controlToken: (name) => control.get(name),
    controlTokens: () => [...control.keys()],
  };
}

function parseTokenizerFile(bytes: Uint8Array, file: string): TokenizerFile {
  const text = decodeText(bytes);
  let parsed: Partial<TokenizerFile> | null = null;
  try {
    parsed = text === undefined ? null : JSON.parse(text);
  } catch {
    // Reported below, like every other file that is not a tokenizer.
  }
  const isByteLevelBpe =
    parsed?.model?.type === "BPE" &&
    typeof parsed.model.vocab === "object" &&
    parsed.decoder?.type === "ByteLevel" &&
    Array.isArray(parsed.added_tokens) &&
    // A normalizer changes text before it is encoded, so it could not be given back.
    (parsed.normalizer ?? null) === null;
  if (!isByteLevelBpe) throw new R3mesError({ code: "TOKENIZER_INVALID", file });
  return parsed as TokenizerFile;
}

/** The bytes of each token by id; empty for control tokens. Every id up to the greatest is in use. */
function readVocabulary(
  parsed: TokenizerFile,
  control: ReadonlyMap<string, number>,
  file: string,
): readonly Uint8Array[] {
  const table: Uint8Array[] = [];
  const entries: [string, number][] = [...Object.entries(parsed.model.vocab), ...control];
  for (const [entry, id] of entries) {
    const isId = Number.isInteger(id) && id >= 0 && id < entries.length;
    const bytes = control.has(entry) ? NO_BYTES : bytesOfEntry(entry);
    if (!isId || bytes === undefined) {
      throw new R3mesError({ code: "TOKENIZER_INVALID", file, entry, id });
    }
    table[id] = bytes;
  }
  for (let id = 0; id < table.length; id += 1) {
    if (table[id] === undefined) throw new R3mesError({ code: "TOKENIZER_INVALID", file, id });
  }
  return table;
}
