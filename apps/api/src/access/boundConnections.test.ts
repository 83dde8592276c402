import { EventEmitter } from "node:events";
import type { Server, Socket } from "node:net";
import { expect, test } from "vitest";
import { boundConnections } from "./boundConnections.ts";

function setup() {
  const server = new EventEmitter() as Server;
  const refused: Socket[] = [];
  const options = { connectionsMax: 2, isFree: (address: string) => address === "10.0.0.1" };
  boundConnections(server, options, (socket) => void refused.push(socket));
  const connect = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress }) as Socket;
    server.emit("connection", socket);
    return { socket, isRefused: refused.includes(socket) };
  };
  return { connect };
}

test("an address has so many connections at once, and another address has its own", () => {
  const { connect } = setup();
  const tries = ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"].map(connect);
  expect(tries.map(({ isRefused }) => isRefused)).toEqual([false, false, true, false]);
  // One that was refused was not counted, so its end makes no room.
  tries[2]!.socket.emit("close");
  expect(connect("192.0.2.1").isRefused).toBe(true);
  tries[0]!.socket.emit("close");
  expect(connect("192.0.2.1").isRefused).toBe(false);
  expect(connect("192.0.2.1").isRefused).toBe(true);
});

test("a network of IPv6 is one address, and whoever is free is not counted", () => {
  const { connect } = setup();
  const network = ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map(connect);
  expect(network.map(({ isRefused }) => isRefused)).toEqual([false, false, true]);
  const proxy = Array.from({ length: 5 }, () => connect("10.0.0.1"));
  expect(proxy.some(({ isRefused }) => isRefused)).toBe(false);
});
