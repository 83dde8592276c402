/** The door for whoever answers people: it loads a reader of templates, which nobody needs to train. */
export { createChatPrompt } from "./tokenizer/createChatPrompt.ts";
