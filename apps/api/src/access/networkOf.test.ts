import { expect, test } from "vitest";
import { networkOf } from "./networkOf.ts";

test("all addresses of a network of IPv6 are one, however they are written", () => {
  const network = "2001:db8:7:1::/64";
  for (const address of [
    "2001:db8:7:1::1",
    "2001:DB8:0007:1:ffff:1:2:3",
    "2001:db8:7:1::",
    "2001:db8:7:1::192.0.2.1",
    "2001:db8:7:1:0:0:192.0.2.1%eth0",
  ]) {
    expect(networkOf(address)).toBe(network);
  }
  expect(networkOf("2001:db8:7:2::1")).not.toBe(network);
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("1::2:3:4:5:6")).toBe("1:0:0:2::/64");
});

test("clients of IPv4 are told apart, however their address is written", () => {
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("::FFFF:192.0.2.2")).toBe("192.0.2.2");
});

test("what is no address is taken as it is", () => {
  for (const text of ["", "unknown", "::ffff:x", "1::2::3"]) expect(networkOf(text)).toBe(text);
});
