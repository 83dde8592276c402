import { join } from "node:path";
import { expect, test } from "vitest";
import { findNode } from "./bundledNode.js";
import { handOver } from "./handOver.js";
import { makeCheckout } from "./makeCheckout.ts";

test("the Node among the packages comes first", () => {
  const { root, write } = makeCheckout();
  write("node_modules/.bin/node", "");
  expect(findNode(root)).toBe(join(root, "node_modules/.bin/node"));
});

test("without it a current Node does, and an older one is refused", () => {
  const { root } = makeCheckout();
  expect(findNode(root, { version: "24.1.0", path: "/opt/node" })).toBe("/opt/node");
  expect(() => findNode(root, { version: "22.20.0", path: "/opt/node" })).toThrow(
    expect.objectContaining({
      code: "BOOTSTRAP_NODE_UNUSABLE",
      facts: expect.objectContaining({ found: "22.20.0", needed: "24" }),
    }),
  );
});

test("a Node that the system cannot run is named", async () => {
  const { root } = makeCheckout();
  await expect(handOver(join(root, "absent"), [], { env: {} })).rejects.toMatchObject({
    code: "BOOTSTRAP_NODE_UNUSABLE",
  });
});
