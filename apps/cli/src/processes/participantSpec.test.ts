import { expect, test } from "vitest";
import { participantEnv } from "./participantSpec.ts";

test("a participant inherits the environment but for settings, and gives large buffers back", () => {
  const env = participantEnv({ HOME: "/home", R3MES_LOG_LEVEL: "debug" });
  expect(env).toEqual({
    HOME: "/home",
    MALLOC_MMAP_THRESHOLD_: "262144",
    R3MES_LOG_LEVEL: undefined,
  });
});

test("who has chosen otherwise is not overruled", () => {
  expect(participantEnv({ MALLOC_MMAP_THRESHOLD_: "1" })).toEqual({ MALLOC_MMAP_THRESHOLD_: "1" });
});
