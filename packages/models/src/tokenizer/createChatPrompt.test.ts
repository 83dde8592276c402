import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ChatMessage, createChatPrompt } from "./createChatPrompt.ts";
import { loadTokenizer } from "./loadTokenizer.ts";

const file = new URL("../../genesis/tokenizer.json", import.meta.url);
const tokenizer = loadTokenizer(readFileSync(file), "tokenizer.json");
const source =
  "{{ bos_token }}{% for message in messages %}{{ message['role'] | capitalize + ': ' + " +
  "message['content'] | trim }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}Assistant: {% endif %}";
const template = { source, beginOfText: "", endOfText: "<eot>" };
const prompt = createChatPrompt(template, tokenizer);
const user = (content: string): ChatMessage => ({ role: "user", content });

test("a conversation is laid out by the template", () => {
  const tokens = prompt([{ role: "system", content: "Be brief." }, user(" Who? ")]);
  const text = "System: Be brief.<eot>User: Who?<eot>Assistant: ";
  expect(tokens).toEqual(tokenizer.encodePrompt(text));
  expect(tokens.filter((token) => token === 0)).toHaveLength(2);
});

test("what people write never becomes a control token, and all of it arrives", () => {
  const parts = fc.array(fc.constantFrom("<eot>", "<eot", ">", "\ue000", "a", " b"), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(parts, (pieces) => {
      const content = `x${pieces.join("")}x`;
      const tokens = prompt([user(content)]);
      expect(tokens.filter((token) => token === 0)).toHaveLength(1);
      expect(tokenizer.decode(tokens)).toBe(`User: ${content}Assistant: `);
    }),
  );
});

test("a template may leave a message out, repeat it, or turn the order round", () => {
  const spelled = [user("x<eot>"), user("y\ue000")];
  const laidBy = (source: string) =>
    tokenizer.decode(createChatPrompt({ ...template, source }, tokenizer)(spelled));
  const last = "{{ messages[1]['content'] }}";
  expect(laidBy(last)).toBe("y\ue000");
  expect(laidBy(`${last}{{ messages[0]['content'] }}${last}`)).toBe("y\ue000x<eot>y\ue000");
});

test("a template that is no Jinja, or that refuses the messages, is an error with a code", () => {
  const code = expect.objectContaining({ code: "CHAT_TEMPLATE_INVALID" });
  expect(() => createChatPrompt({ ...template, source: "{% if %}" }, tokenizer)).toThrow(code);
  const refusing = { ...template, source: "{{ raise_exception('no system message') }}" };
  expect(() => createChatPrompt(refusing, tokenizer)([user("a")])).toThrow(code);
});
