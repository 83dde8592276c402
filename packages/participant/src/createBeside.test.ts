import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createBeside } from "./createBeside.ts";

const soon = () => new Promise((resolve) => setImmediate(resolve));

test("work that lasts is not begun again, and holds up nothing else", async () => {
  const beside = createBeside({ log: { warn() {} } as never });
  const begun: string[] = [];
  let end = () => {};
  const lasting = () =>
    new Promise<void>((resolve) => {
      begun.push("lasting");
      end = resolve;
    });
  beside.begin("lasting", lasting);
  beside.begin("lasting", lasting);
  beside.begin("short", async () => begun.push("short"));
  await soon();
  expect(begun).toEqual(["lasting", "short"]);
  end();
  await soon();
  beside.begin("lasting", lasting);
  expect(begun).toEqual(["lasting", "short", "lasting"]);
});

test("a node that is away is told, and the work may be begun again", async () => {
  const told: string[] = [];
  const log = { warn: ({ work }: { work: string }) => told.push(work) };
  const beside = createBeside({ log: log as never });
  const away = new R3mesError({ code: "NODE_UNREACHABLE", url: "u", reason: "refused" });
  for (let i = 0; i < 2; i += 1) {
    beside.begin("tick", () => Promise.reject(away));
    await soon();
  }
  expect(told).toEqual(["tick", "tick"]);
});
