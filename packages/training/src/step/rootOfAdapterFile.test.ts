import { expect, test } from "vitest";
import { encodeAdapter } from "../adapter/adapter.ts";
import { tinyAdapter, tinyPlan } from "../testing/tinyPool.ts";
import { rootOfAdapter } from "./chunkState.ts";
import { rootOfAdapterFile } from "./rootOfAdapterFile.ts";

test("the root of a file is that of its adapter, whatever else a plan says", () => {
  const file = encodeAdapter(tinyAdapter());
  expect(rootOfAdapterFile(tinyPlan.program, file)).toEqual(rootOfAdapter(tinyPlan, tinyAdapter()));
});

test("a file of another length is refused", () => {
  expect(() => rootOfAdapterFile(tinyPlan.program, new Uint8Array(8))).toThrow(
    expect.objectContaining({ code: "ADAPTER_FILE_INVALID" }),
  );
});
