/** Runs one case of the operation suite on a backend and returns the hash of every tensor it computed, by name. */
import { sha256, toHex } from "@r3mes/protocol";
import type { Backend } from "../backends/backend.ts";
import type { OperationCase } from "./cases/operationCase.ts";

export async function runOperationCase(
  backend: Backend,
  { program, inputs }: OperationCase,
): Promise<Readonly<Record<string, string>>> {
  const session = await backend.prepare(program, (name) => inputs.get(name)!);
  try {
    for (const { name, role } of program.tensors) {
      if (role === "state" || role === "input" || role === "constant")
        session.write(name, inputs.get(name)!);
    }
    const hashes: Record<string, string> = {};
    await session.run((operation, output, bytes) => {
      const id = program.operations[operation]!.outputs[output]!;
      hashes[program.tensors[id]!.name] = toHex(sha256(bytes));
    });
    return hashes;
  } finally {
    await session.close();
  }
}
