import { expect, test } from "vitest";
import { type LookScope, paceWaits } from "./paceWaits.ts";

/** A package that looks as `webgpu` does: through the global, read anew for each look, until nobody waits. */
function lookingPackage() {
  let now = 0;
  let waiting = 0;
  let looks = 0;
  const scheduled: { readonly look: () => void; readonly ms: number }[] = [];
  const scope: LookScope = { setImmediate: (look) => scheduled.push({ look, ms: 0 }) };
  const own = scope.setImmediate;
  const lookOn = () => {
    looks += 1;
    if (waiting > 0) scope.setImmediate(lookOn);
  };
  class GPUBuffer {
    mapAsync(mode: number) {
      if (waiting++ === 0) scope.setImmediate(lookOn);
      return `mapped ${mode}`;
    }
  }
  paceWaits(
    { GPUBuffer },
    {
      scope,
      monotonicMs: () => now,
      later: (look, ms) => scheduled.push({ look, ms }),
    },
  );
  return {
    scope,
    own,
    buffer: new GPUBuffer(),
    looks: () => looks,
    /** Runs what was scheduled, and says after which pauses. */
    turn(ms: number) {
      now += ms;
      const due = scheduled.splice(0);
      for (const { look } of due) look();
      return due.map((one) => one.ms);
    },
    finish() {
      waiting = 0;
    },
  };
}

test("a wait is looked at in every turn at first, and once a millisecond when it is long", () => {
  const { buffer, turn } = lookingPackage();
  expect(buffer.mapAsync(1)).toBe("mapped 1");
  expect([turn(0), turn(20), turn(20)]).toEqual([[0], [0], [0]]);
  turn(20);
  expect([turn(1), turn(1), turn(1)]).toEqual([[1], [1], [1]]);
});

test("whoever asks anew during a long wait is looked after in every turn again", () => {
  const { buffer, turn } = lookingPackage();
  buffer.mapAsync(1);
  turn(0);
  turn(60);
  expect(turn(1)).toEqual([1]);
  buffer.mapAsync(2);
  turn(1);
  expect(turn(1)).toEqual([0]);
});

test("nothing is looked at once nobody waits", () => {
  const { buffer, turn, finish, looks } = lookingPackage();
  buffer.mapAsync(1);
  turn(100);
  finish();
  turn(1);
  expect([turn(1), looks()]).toEqual([[], 2]);
});

test("everybody else's scheduler stays what it is", () => {
  const { buffer, scope, own, turn } = lookingPackage();
  buffer.mapAsync(1);
  expect(scope.setImmediate).toBe(own);
  turn(100);
  expect(scope.setImmediate).toBe(own);
});

test("classes that a package does not have are left out", () => {
  const deps = { scope: { setImmediate: () => 0 }, monotonicMs: () => 0, later: () => 0 };
  expect(() => paceWaits({}, deps)).not.toThrow();
});
