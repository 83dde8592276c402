import { R3mesError, reportOf } from "@r3mes/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPendingRequests } from "./createPendingRequests.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const code = (name: string) => expect.objectContaining({ code: name });

function setup() {
  const late: number[] = [];
  const pending = createPendingRequests({
    waitingMax: 8,
    waitMsMax: 1_000,
    nowMs: () => Date.now(),
    onLate: (id) => late.push(id),
  });
  const begun: number[] = [];
  const add = (asker = "somebody") => {
    const request = pending.add<string>(
      asker,
      (message, end) => {
        if (message.kind === "end") end(message.end?.ending);
      },
      () => begun.push(0),
    );
    request.done.catch(() => {});
    return request;
  };
  return { pending, late, begun, add };
}

test("a request waits, begins, and ends with what the worker says", async () => {
  const { pending, begun, add } = setup();
  const { id, done } = add();
  expect(pending.load()).toEqual({ active: 0, waiting: 1 });
  pending.hear({ kind: "begin", id });
  expect(pending.load()).toEqual({ active: 1, waiting: 0 });
  expect(begun.length).toBe(1);
  // It has begun: it may take as long as it takes.
  vi.advanceTimersByTime(5_000);
  pending.hear({ kind: "end", id, end: { ending: "stop", tokens: [] } });
  expect(await done).toBe("stop");
  expect(pending.load()).toEqual({ active: 0, waiting: 0 });
});

test("a request that waits too long fails and is taken back", async () => {
  const { pending, late, add } = setup();
  const { id, done } = add();
  vi.advanceTimersByTime(1_000);
  await expect(done).rejects.toThrow(code("QUEUE_TIMED_OUT"));
  expect(late).toEqual([id]);
  // What the worker still says of it is not heard.
  pending.hear({ kind: "begin", id });
});

test("who is given something meanwhile waits on, and nobody else does", async () => {
  const { pending, late, add } = setup();
  const [under, behind, other] = [add("many"), add("many"), add("one")];
  pending.hear({ kind: "begin", id: under.id });
  for (let i = 0; i < 3; i += 1) {
    vi.advanceTimersByTime(800);
    pending.hear({ kind: "piece", id: under.id, piece: { text: "a", token: 1 } });
  }
  await expect(other.done).rejects.toThrow(code("QUEUE_TIMED_OUT"));
  expect(late).toEqual([other.id]);
  pending.hear({ kind: "end", id: under.id, end: { ending: "stop", tokens: [1] } });
  // Its last answer has ended, and nothing comes any more.
  vi.advanceTimersByTime(999);
  expect(pending.load()).toEqual({ active: 0, waiting: 1 });
  vi.advanceTimersByTime(1);
  await expect(behind.done).rejects.toThrow(code("QUEUE_TIMED_OUT"));
});

test("a failure of the worker keeps its code and facts, and ends its own request alone", async () => {
  const { pending, add } = setup();
  const [one, two] = [add(), add()];
  const refused = new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: 9, context: 8 });
  pending.hear({ kind: "failed", id: one.id, error: reportOf(refused) });
  await expect(one.done).rejects.toThrow(
    expect.objectContaining({ code: "CONTEXT_EXCEEDED", facts: { tokens: 9, context: 8 } }),
  );
  expect(pending.load().waiting).toBe(1);
  pending.failAll(new R3mesError({ code: "INFERENCE_UNAVAILABLE", reason: "it ended" }));
  await expect(two.done).rejects.toThrow(code("INFERENCE_UNAVAILABLE"));
});

test("who has as many waiting as there is room left may not add more, and others may", () => {
  const { pending, add } = setup();
  const fill = (asker: string) => {
    let count = 0;
    for (; !pending.isFull(asker); count += 1) add(asker);
    return count;
  };
  expect(["a", "b", "c", "d", "e"].map(fill)).toEqual([4, 2, 1, 1, 0]);
  const { id } = add("a");
  pending.hear({ kind: "begin", id });
  expect(pending.load()).toEqual({ active: 1, waiting: 8 });
  pending.failAll(new Error("over"));
  expect(pending.isFull("e")).toBe(false);
});
