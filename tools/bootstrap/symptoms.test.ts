import { expect, test } from "vitest";
import { recogniseFailure } from "./symptoms.js";

test.each([
  [
    "npm error network request to https://registry.npmjs.org/zod failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org",
    "BOOTSTRAP_NO_NETWORK",
  ],
  ["npm error code EAI_AGAIN", "BOOTSTRAP_NO_NETWORK"],
  [
    'go: cosmossdk.io/math@v1.5.3: Get "https://proxy.golang.org/x": dial tcp: lookup proxy.golang.org: no such host',
    "BOOTSTRAP_NO_NETWORK",
  ],
  ["npm error code ENOSPC", "BOOTSTRAP_DISK_FULL"],
  ["write /tmp/go-build1/b001/exe/a.out: no space left on device", "BOOTSTRAP_DISK_FULL"],
  ["npm error code EROFS", "BOOTSTRAP_NOT_WRITABLE"],
  ["open go-build/00/x: permission denied", "BOOTSTRAP_NOT_WRITABLE"],
])("%s", (line, code) => {
  expect(recogniseFailure(["something before", `  ${line}`, "and after"])).toBe(code);
});

test("an error of the code is not mistaken for one of the machine", () => {
  const lines = [
    "./app.go:12:2: undefined: networkTimeout",
    "npm error Missing: zod@4.6.7 from lock file",
  ];
  expect(recogniseFailure(lines)).toBeNull();
});

test("a full disk explains the network errors around it", () => {
  expect(recogniseFailure(["npm error ECONNRESET", "npm error ENOSPC"])).toBe(
    "BOOTSTRAP_DISK_FULL",
  );
});
