import { expect, test } from "vitest";
import { fingerprint, listInputs } from "./fingerprint.js";
import { makeCheckout } from "./makeCheckout.ts";

const stage = {
  name: "chain",
  what: "go build",
  inputs: ["chain", "apps/*/package.json", "absent.json"],
  ignored: /^chain\/bin\/|_test\.go$/,
  outputs: [],
  command: ["go", "build"],
  folder: "chain",
  tools: [],
  fills: [],
};

test("inputs are files, whole folders and one star, sorted, without what is ignored", () => {
  const { root, write } = makeCheckout();
  for (const path of ["chain/x/keeper.go", "chain/x/keeper_test.go", "chain/bin/remesd"])
    write(path, "");
  for (const path of ["apps/miner/package.json", "apps/cli/package.json", "apps/cli/main.ts"])
    write(path, "");
  expect(listInputs(root, stage)).toEqual([
    "apps/cli/package.json",
    "apps/miner/package.json",
    "chain/main.go",
    "chain/x/keeper.go",
  ]);
});

test("content, names, command, environment and compiler each change the fingerprint", () => {
  const { root, write } = makeCheckout();
  const seen = new Set([fingerprint(root, stage, "1.26.8")]);
  const expectNew = (hash: string) => {
    expect(seen).not.toContain(hash);
    seen.add(hash);
  };
  write("chain/a.go", "package a");
  expectNew(fingerprint(root, stage, "1.26.8"));
  write("chain/a.go", "package b");
  expectNew(fingerprint(root, stage, "1.26.8"));
  // The border between two files is part of the hash.
  write("chain/a.go", "package");
  write("chain/b.go", " b");
  expectNew(fingerprint(root, stage, "1.26.8"));
  write("chain/a.go", "package ");
  write("chain/b.go", "b");
  expectNew(fingerprint(root, stage, "1.26.8"));
  expectNew(fingerprint(root, stage, "1.26.9"));
  expectNew(fingerprint(root, { ...stage, command: ["go", "build", "-v"] }, "1.26.8"));
  expectNew(fingerprint(root, { ...stage, environment: { GOTOOLCHAIN: "local" } }, "1.26.8"));
});
