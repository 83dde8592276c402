import { expect, test } from "vitest";
import { editToml } from "./editToml.ts";

const text = `# The name of this node.
moniker = "a"
laddr = "outer"

[rpc]
# Where the node listens.
laddr = "tcp://0.0.0.0:26657"
unsafe = false

[p2p.deep]
laddr = "inner"
`;

test("a value is set in its own section, and all else stays", () => {
  const edited = editToml(text, {
    "rpc.laddr": "tcp://127.0.0.1:1",
    moniker: 'b"c',
    "rpc.unsafe": true,
  });
  expect(edited).toBe(
    text
      .replace('moniker = "a"', 'moniker = "b\\"c"')
      .replace("tcp://0.0.0.0:26657", "tcp://127.0.0.1:1")
      .replace("unsafe = false", "unsafe = true"),
  );
});

test("a key that the text does not set is an error", () => {
  expect(() => editToml(text, { "rpc.lader": "x" })).toThrow("no line sets rpc.lader");
  expect(() => editToml(text, { "p2p.laddr": "x" })).toThrow("p2p.laddr");
});
