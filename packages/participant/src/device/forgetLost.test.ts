import { reference, type Session } from "@r3mes/engine";
import { tinyTraining } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import { expect, test, vi } from "vitest";
import { forgetLost } from "./forgetLost.ts";

const training = tinyTraining({ seed: 7, steps: 1, sequences: 1, length: 4 });
const session: Session = await reference.prepare(training.program, training.weights);

test("a session of a lost GPU is forgotten, and whoever asked hears of the loss", async () => {
  const forget = vi.fn();
  const lost = new R3mesError({ code: "GPU_LOST", reason: "unplugged" });
  const failing = forgetLost({ ...session, run: () => Promise.reject(lost) }, forget);
  await expect(failing.run()).rejects.toBe(lost);
  expect(forget).toHaveBeenCalledOnce();
});

test("one that fails for another reason, or not at all, is kept", async () => {
  const forget = vi.fn();
  const refused = new R3mesError({ code: "GPU_REFUSED", reason: "a command" });
  const failing = forgetLost({ ...session, run: () => Promise.reject(refused) }, forget);
  await expect(failing.run()).rejects.toBe(refused);
  training.begin(session);
  training.prepareStep(session, 1);
  await forgetLost(session, forget).run();
  expect(forget).not.toHaveBeenCalled();
});
