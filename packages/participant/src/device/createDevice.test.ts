import { Worker } from "node:worker_threads";
import { reference, type Session, stateTensorRoots, stateTensors } from "@r3mes/engine";
import { type TinyTraining, tinyTraining } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDevice, type Device, type DeviceOptions } from "./createDevice.ts";
import { type RunTime, timedSession } from "./timedSession.ts";

const log = { info() {}, warn() {} } as unknown as Parameters<typeof createDevice>[1];
const options: DeviceOptions = { threads: 2, bytesMax: 2 ** 24, niceness: 10 };
const setup = { seed: 7, steps: 2, sequences: 2, length: 8 };

let device: Device;
beforeAll(async () => {
  device = await createDevice(options, log);
});
afterAll(() => device.close());

async function begun(training: TinyTraining, session: Session): Promise<Session> {
  training.begin(session);
  training.prepareStep(session, 1);
  return session;
}

test("it answers with the bytes of the definition", async () => {
  const roots: string[][] = [];
  for (const backend of [device, reference]) {
    const training = tinyTraining(setup);
    const session = await begun(
      training,
      await backend.prepare(training.program, training.weights),
    );
    await session.run();
    roots.push((await stateTensorRoots(session)).map(toHex));
    await session.close();
  }
  expect(roots[0]).toEqual(roots[1]);
});

test("programs that are prepared together have each weight once, and each its own state", async () => {
  const training = tinyTraining(setup);
  const { program } = training;
  const asked: string[] = [];
  const members = ["one", "other"].map((state) => ({ program, state }));
  const sessions = await device.prepareAll(members, (name) => {
    asked.push(name);
    return training.weights(name);
  });
  expect(new Set(asked).size).toBe(asked.length);
  const alone = await begun(training, await device.prepare(program, training.weights));
  for (const session of sessions) await begun(training, session);
  await sessions[0]!.run();
  expect(await stateTensorRoots(sessions[1]!)).toEqual(await stateTensorRoots(alone));
  await alone.run();
  expect(await stateTensorRoots(sessions[0]!)).toEqual(await stateTensorRoots(alone));
  for (const session of [...sessions, alone]) await session.close();
});

test("whoever asked goes on with other things while a step runs", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  let others = 0;
  let outputs = 0;
  const seen: number[] = [];
  await session.run((operation, _output, bytes) => {
    outputs += 1;
    expect(bytes.length).toBeGreaterThan(0);
    // Between two outputs the thread of the caller is free.
    if (seen.at(-1) !== operation) seen.push(operation);
    setImmediate(() => {
      others += 1;
    });
  });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(outputs).toBeGreaterThan(training.program.operations.length - 1);
  expect(others).toBeGreaterThan(0);
  await session.close();
});

test("it knows what a step took on the device, apart from the time that whoever asked takes", async () => {
  const training = tinyTraining(setup);
  const prepared = await device.prepare(training.program, training.weights);
  let told: RunTime | undefined;
  let nowMs = 0;
  const clock = () => (nowMs += 60_000);
  const session = timedSession(await begun(training, prepared), clock, (time) => {
    told = time;
  });
  await session.run();
  expect(told!.ms).toBeGreaterThan(0);
  // Systems count processor time in pieces that are longer than a tiny step.
  for (let ranMs = 0; ranMs === 0; ranMs += told!.ranMs) await session.run();
  // By the clock of whoever asked, which it does not use, the step took a minute.
  expect(told!.ms).not.toBe(60_000);
  await session.close();
});

test("the clock of whoever asked serves for a session that does not measure itself", async () => {
  const training = tinyTraining(setup);
  const prepared = await reference.prepare(training.program, training.weights);
  let told: RunTime | undefined;
  let nowMs = 0;
  const clock = () => (nowMs += 60_000);
  await timedSession(await begun(training, prepared), clock, (time) => {
    told = time;
  }).run();
  expect(told).toEqual({ ms: 60_000, ranMs: 60_000 });
});

test("tensors come in one piece, and memory that was given back serves for the next", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const { program } = session;
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  const oneByOne = async () =>
    new Uint8Array(Buffer.concat(await Promise.all(names.map((name) => session.read(name)))));
  const first = await session.readAll!(names);
  expect(first).toEqual(await oneByOne());
  session.giveBack!(first);
  // It is the session's alone from now on.
  expect(first.length).toBe(0);
  await session.run();
  const second = await session.readAll!(names);
  expect(second).toEqual(await oneByOne());
  await session.close();
});

test("tensors are written in one piece, and whoever wrote keeps it", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const { program } = session;
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  const before = (await session.readAll!(names)).slice();
  await session.run();
  expect(await session.readAll!(names)).not.toEqual(before);
  session.writeAll!(names, before);
  expect(await session.readAll!(names)).toEqual(before);
  session.writeAll!(names, before.subarray(1));
  await expect(session.read("tokens")).rejects.toThrow();
  await session.close();
});

test("of a buffer of which a tensor is a piece, the thread is sent that piece alone", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const posted = vi.spyOn(Worker.prototype, "postMessage");
  const tokens = await session.read("tokens");
  const large = new Uint8Array(1 << 20);
  large.set(tokens, 64);
  posted.mockClear();
  session.write("tokens", large.subarray(64, 64 + tokens.length));
  expect(await session.read("tokens")).toEqual(tokens);
  const [written] = posted.mock.calls[0]! as [{ readonly bytes: Uint8Array }];
  posted.mockRestore();
  // Moved, so nothing is left of it here; what was written from is whole.
  expect(written.bytes.length).toBe(0);
  expect(large.length).toBe(1 << 20);
  await session.close();
});

test("what is asked ahead is done in its order", async () => {
  const roots: string[][] = [];
  for (const isAhead of [true, false]) {
    const training = tinyTraining(setup);
    const session = await begun(training, await device.prepare(training.program, training.weights));
    const runs = [];
    for (const step of [1, 2]) {
      training.prepareStep(session, step);
      const ran = session.run();
      runs.push(ran);
      if (!isAhead) await ran;
    }
    roots.push((await stateTensorRoots(session)).map(toHex));
    await Promise.all(runs);
    await session.close();
  }
  expect(roots[0]).toEqual(roots[1]);
});

test("only what is asked for is shown", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const seen: number[] = [];
  await session.run((operation) => void seen.push(operation), new Set([3, 40]));
  expect(seen).toEqual([3, 40]);
  await session.close();
});

test("a refused write fails the next request, and only that", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  session.write("tokens", new Uint8Array(1));
  await expect(session.run()).rejects.toMatchObject({ code: "TENSOR_BYTES_INVALID" });
  await session.run();
  await session.close();
});

test("what goes wrong on either side reaches whoever asked", async () => {
  const training = tinyTraining(setup);
  const missing = () => Promise.reject(new Error("gone"));
  await expect(device.prepare(training.program, missing)).rejects.toMatchObject({
    code: "UNEXPECTED",
  });
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const run = session.run(() => {
    throw new RangeError("not mine");
  });
  await expect(run).rejects.toThrow("not mine");
  await session.run();
  await session.close();
});

test("a program that needs more memory than allowed is refused", async () => {
  const training = tinyTraining({ ...setup, sequences: 512, length: 32 });
  await expect(device.prepare(training.program, training.weights)).rejects.toMatchObject({
    code: "MEMORY_LIMIT_EXCEEDED",
  });
});

test("the end of the thread fails what it was asked and will be asked", async () => {
  const training = tinyTraining(setup);
  const session = await begun(training, await device.prepare(training.program, training.weights));
  const run = session.run(() => {});
  await Promise.all([device.close(), expect(run).rejects.toThrow("has ended")]);
  await expect(session.run()).rejects.toThrow("has ended");
});
