/**
 * Many cases of the operation suite as one program: they share no tensor, so each computes what it computes alone. A backend
 * that starts threads or compiles for a session does so once for all of them.
 */
import type { Operation, Tensor } from "../program/program.ts";
import type { OperationCase } from "./operation.case.ts";

/** What belongs to case i is named by its number first; `resultsOf` takes that off again. */
export function joinCases(cases: readonly OperationCase[]): OperationCase {
  const tensors: Tensor[] = [];
  const operations: Operation[] = [];
  const inputs = new Map<string, Uint8Array>();
  for (const [i, { program, inputs: own }] of cases.entries()) {
    const first = tensors.length;
    const moved = (id: number) => (id < 0 ? id : first + id);
    for (const tensor of program.tensors) {
      const source = tensor.transposeOf;
      const name = joinedName(i, tensor.name);
      tensors.push({
        ...tensor,
        name,
        ...(source === undefined ? {} : { transposeOf: moved(source) }),
      });
    }
    for (const operation of program.operations) {
      operations.push({
        ...operation,
        name: joinedName(i, operation.name),
        inputs: operation.inputs.map(moved),
        outputs: operation.outputs.map(moved),
      });
    }
    for (const [name, bytes] of own) inputs.set(joinedName(i, name), bytes);
  }
  return { name: "all cases", program: { name: "all cases", tensors, operations }, inputs };
}

function joinedName(i: number, name: string): string {
  return `${i}: ${name}`;
}

/** The results of case i out of those of the joined program, under their own names. */
export function resultsOf(
  i: number,
  joined: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const prefix = joinedName(i, "");
  return Object.fromEntries(
    Object.entries(joined).flatMap(([name, hash]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), hash]] : [],
    ),
  );
}
