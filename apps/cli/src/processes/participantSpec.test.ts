import { expect, test } from "vitest";
import { participantEnv } from "./participantSpec.ts";

test("a participant inherits the environment but for settings, and gives large buffers back", () => {
  const env = participantEnv({ HOME: "/home", R3MES_LOG_LEVEL: "debug" });
  expect(env).toEqual({
    HOME: "/home",
    MALLOC_ARENA_MAX: "1",
    MALLOC_MMAP_THRESHOLD_: "16384",
    R3MES_LOG_LEVEL: undefined,
  });
});

test("who has chosen otherwise is not overruled", () => {
  const chosen = { MALLOC_MMAP_THRESHOLD_: "1", MALLOC_ARENA_MAX: "8" };
  expect(participantEnv(chosen)).toEqual(chosen);
});
