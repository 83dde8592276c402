/** A cheat: a device that computes what it should, and turns one bit of some tensors wherever it shows its work. */
import { recordsOf, type Session } from "@r3mes/engine";

/** `tensors` are numbers of the program's tensors. */
export function wrongTrace(session: Session, tensors: ReadonlySet<number>): Session {
  const { program } = session;
  const outputs = new Set(
    recordsOf(program).flatMap(({ operation, output, tensor: id }) =>
      tensors.has(id) ? [`${program.operations.indexOf(operation)} ${output}`] : [],
    ),
  );
  return {
    ...session,
    run: (observe, only) =>
      session.run(
        observe &&
          ((operation, output, bytes) => {
            const isWrong = outputs.has(`${operation} ${output}`);
            observe(operation, output, isWrong ? turned(bytes) : bytes);
          }),
        only,
      ),
  };
}

/** The number of a tensor that is named as in the program. */
export function tensorOf({ program }: Session, tensor: string): number {
  const found = program.tensors.findIndex(({ name }) => name === tensor);
  if (found < 0) throw new RangeError(`the program has no tensor ${tensor}`);
  return found;
}

/** With one bit of the first byte turned. */
export function turned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[0] = copy[0]! ^ 1;
  return copy;
}
