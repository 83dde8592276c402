/** Runs a case of the operation suite as a plain run, in which a backend may fuse what it likes. */
import { sha256, toHex } from "@r3mes/protocol";
import type { Backend } from "../backends/backend.ts";
import type { OperationCase } from "./cases/operationCase.ts";

/** Hashes of the results, by name: the tensors that nothing reads, and the state that is overwritten. */
export async function runCasePlain(
  backend: Backend,
  { program, inputs }: OperationCase,
): Promise<Readonly<Record<string, string>>> {
  const session = await backend.prepare(program, (name) => inputs.get(name)!);
  try {
    for (const { name, role } of program.tensors) {
      if (role === "state" || role === "input" || role === "constant")
        session.write(name, inputs.get(name)!);
    }
    await session.run();
    const read = new Set(program.operations.flatMap((operation) => operation.inputs));
    const written = new Set(program.operations.flatMap((operation) => operation.outputs));
    const hashes: Record<string, string> = {};
    for (const [id, { name, role }] of program.tensors.entries()) {
      const isResult = role === "intermediate" ? !read.has(id) : written.has(id);
      if (isResult) hashes[name] = toHex(sha256(await session.read(name)));
    }
    return hashes;
  } finally {
    await session.close();
  }
}
