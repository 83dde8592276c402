/** The same question as a program of one's own: what the page sends, with the key left out. */
import { requestBody } from "./askModel.ts";
import type { Question } from "./question.ts";

export type Language = "curl" | "TypeScript" | "Python";
export const languages: readonly Language[] = ["curl", "TypeScript", "Python"];

/** `baseUrl` ends in `/v1`. */
export function codeExample(language: Language, question: Question, baseUrl: string): string {
  switch (language) {
    case "curl":
      return curl(question, baseUrl);
    case "TypeScript":
      return typeScript(question, baseUrl);
    case "Python":
      return python(question, baseUrl);
  }
}

function curl(question: Question, baseUrl: string): string {
  const body = JSON.stringify(requestBody(question), null, 2).replaceAll("'", "'\\''");
  return [
    `curl -N ${baseUrl}/chat/completions \\`,
    '  -H "Authorization: Bearer $R3MES_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '${body}'`,
  ].join("\n");
}

function typeScript(question: Question, baseUrl: string): string {
  return [
    'import OpenAI from "openai";',
    "",
    `const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: process.env.R3MES_KEY });`,
    `const stream = await client.chat.completions.create(${JSON.stringify(requestBody(question), null, 2)});`,
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");',
  ].join("\n");
}

function python(question: Question, baseUrl: string): string {
  const { stream_options, ...body } = requestBody(question);
  const fields = Object.entries({ ...body, stream_options }).map(
    ([name, value]) => `    ${name}=${pythonValue(value)},`,
  );
  return [
    "import os",
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=os.environ["R3MES_KEY"])`,
    "stream = client.chat.completions.create(",
    ...fields,
    ")",
    "for chunk in stream:",
    "    if chunk.choices:",
    '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
  ].join("\n");
}

/** JSON is Python save for three words, which only stand outside strings here. */
function pythonValue(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(([name, item]) => `"${name}": ${pythonValue(item)}`);
    return `{${pairs.join(", ")}}`;
  }
  return JSON.stringify(value);
}
