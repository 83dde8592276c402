import type { Session } from "@r3mes/engine";
import { expect, test } from "vitest";
import { createSkipOne } from "./skipOne.ts";

test("one step of five is left out, over chunks of three steps, and none that is looked at", async () => {
  const skipOne = createSkipOne();
  const ran: string[] = [];
  const observe = () => {};
  for (const chunk of ["a", "b", "c", "d"]) {
    const run: Session["run"] = async (observer) => {
      ran.push(observer === undefined ? chunk : "observed");
    };
    const session = skipOne({ run } as Session);
    for (let step = 0; step < 3; step += 1) await session.run();
    await session.run(observe);
  }
  // Of the second chunk its second step, of the fourth its first.
  expect(ran.filter((what) => what !== "observed").join("")).toBe("aaabbcccdd");
  expect(ran.filter((what) => what === "observed")).toHaveLength(4);
});
