import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { followRun } from "./followRun.ts";

async function heard(done: Promise<string | undefined>): Promise<unknown[]> {
  const all: unknown[] = [];
  const hear = (what: string) => (value: unknown) => void all.push(what, value);
  await followRun({ done }, { onEnd: hear("end"), onFailed: hear("failed"), onLost: hear("lost") });
  return all;
}

test("a run ends, fails, or shows that its machine is lost", async () => {
  expect(await heard(Promise.resolve("answer"))).toEqual(["end", "answer"]);
  expect(await heard(Promise.resolve(undefined))).toEqual(["end", undefined]);
  const tooLong = new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: 9, context: 8 });
  expect(await heard(Promise.reject(tooLong))).toEqual(["failed", tooLong]);
  const bug = new TypeError("a bug");
  expect(await heard(Promise.reject(bug))).toEqual(["failed", bug]);
  for (const lost of [
    new R3mesError({ code: "ENGINE_THREAD_LOST" }),
    new R3mesError({ code: "GPU_LOST", reason: "unplugged" }),
    new R3mesError({ code: "GPU_REFUSED", reason: "no" }),
  ]) {
    expect(await heard(Promise.reject(lost))).toEqual(["lost", lost]);
  }
});
