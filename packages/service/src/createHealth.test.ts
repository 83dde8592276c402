import { expect, test } from "vitest";
import { createHealth, type HealthCheck } from "./createHealth.ts";
import { manualClock } from "./testing/manualClock.ts";

const fine: HealthCheck = { name: "store", required: true, check: async () => "3 ms" };

function setup(...checks: HealthCheck[]) {
  const clock = manualClock();
  return { clock, health: createHealth({ checks, timeoutMs: 1_000 }, { clock }) };
}

function failing(required: boolean): HealthCheck {
  return { name: "cache", required, check: () => Promise.reject(new Error("refused")) };
}

test("a process whose checks all pass is ready and tells what was found", async () => {
  const { health } = setup(fine);
  expect(await health.ready()).toEqual({
    status: "ok",
    checks: [{ name: "store", status: "ok", required: true, detail: "3 ms" }],
  });
});

test("a required failure makes it unready, another only degraded, and it stays alive", async () => {
  const degraded = await setup(fine, failing(false)).health.ready();
  expect(degraded.status).toBe("degraded");
  expect(degraded.checks[1]).toMatchObject({ name: "cache", detail: "refused" });

  const { health } = setup(fine, failing(true));
  expect((await health.ready()).status).toBe("failed");
  expect(health.live().status).toBe("ok");
});

test("a check that does not answer fails at the timeout and is told to stop", async () => {
  let stopped = false;
  const { clock, health } = setup({
    name: "chain",
    required: true,
    check: (signal) => {
      signal.addEventListener("abort", () => {
        stopped = true;
      });
      return new Promise(() => {});
    },
  });
  const report = health.ready();
  await clock.advance(1_000);
  expect((await report).checks[0]).toMatchObject({ detail: "no answer within 1000 ms" });
  expect(stopped).toBe(true);
});

test("a draining process is not ready", async () => {
  const { health } = setup(fine);
  health.drain();
  expect((await health.ready()).status).toBe("failed");
});
