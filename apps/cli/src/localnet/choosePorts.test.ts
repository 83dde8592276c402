import { connect, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { choosePorts, defaultPorts, type PortWish } from "./choosePorts.ts";
import { findPortHolder } from "./findPortHolder.ts";
import { holdPort } from "./holdPort.ts";

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

/** Those that are free, and stay so: nobody holds them any more. */
async function freePorts(wishes: readonly PortWish[]) {
  const { sets, letGo } = await choosePorts("auto", wishes);
  await letGo();
  return sets;
}

test("free ports are all different", async () => {
  const nodes = await freePorts([node, node, node]);
  const ports = nodes.flatMap((node) => Object.values(node));
  expect(new Set(ports).size).toBe(12);
  // Linux takes ports for outgoing connections from 32768 up.
  for (const port of ports) expect(port).toBeLessThan(32_768);
});

test("remembered ports stay, except one that is taken meanwhile", async () => {
  const [before] = await freePorts([node]);
  expect(await freePorts([{ ...node, remembered: before! }])).toEqual([before]);
  await listen(before!.rpc!);
  const [after] = await freePorts([{ ...node, remembered: before! }]);
  expect(after).toMatchObject({ p2p: before!.p2p, grpc: before!.grpc, rest: before!.rest });
  expect(after!.rpc).not.toBe(before!.rpc);
});

test("of two localnets that choose at once one has every port, and takes none that the other awaits", async () => {
  const sets = await freePorts([node, { defaults: { http: 1, store: 1 } }]);
  const wishes = sets.map((defaults) => ({ defaults }));
  const both = await Promise.allSettled([
    choosePorts("default", wishes),
    choosePorts("default", wishes),
  ]);
  const refused = both.filter((one) => one.status === "rejected");
  expect(refused.map(({ reason }) => reason.code)).toEqual(["PORT_IN_USE"]);
  const [first] = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(first!.sets).toEqual(sets);
  // The node is about to start. Whoever chooses now is refused by what is still held, before it could take a port of the node.
  await first!.letGo(sets[0]!);
  await expect(choosePorts("default", wishes)).rejects.toMatchObject({
    facts: { purpose: "http" },
  });
  await listen(sets[0]!.rpc!);
  await first!.letGo();
});

test("whoever connects to a port that is held is turned away at once", async () => {
  const held = await holdPort((await freePorts([node]))[0]!.rpc!);
  const socket = connect(held!.port, "127.0.0.1");
  await new Promise((ended) => socket.on("error", () => {}).on("close", ended));
  await held!.release();
});

test("the holder of a port is named by its process", async () => {
  const holder = await findPortHolder(await listen());
  expect(holder).toBe(`node (process ${process.pid})`);
});

test("a port that nobody holds has no holder", async () => {
  const [ports] = await freePorts([node]);
  expect(await findPortHolder(ports!.rpc!)).toBeNull();
});

test("validators do not share a default port", () => {
  const ports = Array.from({ length: 16 }, (_, index) => Object.values(defaultPorts(index))).flat();
  expect(new Set(ports).size).toBe(64);
});
