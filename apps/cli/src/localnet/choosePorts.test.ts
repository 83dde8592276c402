import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { choosePorts, defaultPorts } from "./choosePorts.ts";
import { findPortHolder } from "./findPortHolder.ts";

const node = { defaults: defaultPorts(0) };
let servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  servers = [];
});

function listen(port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

test("free ports are all different", async () => {
  const nodes = await choosePorts("auto", [node, node, node]);
  const ports = nodes.flatMap((node) => Object.values(node));
  expect(new Set(ports).size).toBe(12);
  // Linux takes ports for outgoing connections from 32768 up.
  for (const port of ports) expect(port).toBeLessThan(32_768);
});

test("remembered ports stay, except one that is taken meanwhile", async () => {
  const [before] = await choosePorts("auto", [node]);
  expect(await choosePorts("auto", [{ ...node, remembered: before! }])).toEqual([before]);
  await listen(before!.rpc!);
  const [after] = await choosePorts("auto", [{ ...node, remembered: before! }]);
  expect(after).toMatchObject({ p2p: before!.p2p, grpc: before!.grpc, rest: before!.rest });
  expect(after!.rpc).not.toBe(before!.rpc);
});

test("the holder of a port is named by its process", async () => {
  const holder = await findPortHolder(await listen());
  expect(holder).toBe(`node (process ${process.pid})`);
});

test("a port that nobody holds has no holder", async () => {
  const [ports] = await choosePorts("auto", [node]);
  expect(await findPortHolder(ports!.rpc!)).toBeNull();
});

test("validators do not share a default port", () => {
  const ports = Array.from({ length: 16 }, (_, index) => Object.values(defaultPorts(index))).flat();
  expect(new Set(ports).size).toBe(64);
});
