/** Runs a case of the operation suite as a plain run, in which a backend may fuse what it likes. */
import { sha256, toHex } from "@r3mes/protocol";
import type { Backend } from "../backends/backend.ts";
import type { OperationCase } from "../ops/operation.case.ts";

/** Hashes of the results, the tensors that nothing reads, by name. */
export async function runCasePlain(
  backend: Backend,
  { program, inputs }: OperationCase,
): Promise<Readonly<Record<string, string>>> {
  const session = await backend.prepare(program, (name) => inputs.get(name)!);
  for (const { name, role } of program.tensors) {
    if (role === "state" || role === "input" || role === "constant")
      session.write(name, inputs.get(name)!);
  }
  await session.run();
  const read = new Set(program.operations.flatMap((operation) => operation.inputs));
  const hashes: Record<string, string> = {};
  for (const [id, { name, role }] of program.tensors.entries()) {
    if (role !== "intermediate" || read.has(id)) continue;
    hashes[name] = toHex(sha256(await session.read(name)));
  }
  await session.close();
  return hashes;
}
