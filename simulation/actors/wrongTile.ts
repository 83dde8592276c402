/**
 * A cheat: a device that turns one bit of a tensor in every step, and one of a factor that the step writes, and stands by both. Its
 * states and traces agree with each other, so that only the tile itself convicts whoever uses it.
 */
import { recordsOf, type Session } from "@r3mes/engine";

/** `tensor` is named as in the program; the factor is the one that a step writes last. */
export function wrongTile(session: Session, tensor: string): Session {
  const { program } = session;
  const lastWriter = program.operations.findLast(({ kind }) => kind === "adam")!;
  const factor = lastWriter.outputs[0]!;
  const wrong = new Set([factor, program.tensors.findIndex(({ name }) => name === tensor)]);
  if (wrong.has(-1)) throw new RangeError(`the program has no tensor ${tensor}`);
  const outputs = new Set(
    recordsOf(program).flatMap(({ operation, output, tensor: id }) =>
      wrong.has(id) ? [`${program.operations.indexOf(operation)} ${output}`] : [],
    ),
  );
  return {
    ...session,
    async run(observe) {
      await session.run(
        observe &&
          ((operation, output, bytes) => {
            const isWrong = outputs.has(`${operation} ${output}`);
            observe(operation, output, isWrong ? turned(bytes) : bytes);
          }),
      );
      const { name } = program.tensors[factor]!;
      session.write(name, turned(await session.read(name)));
    },
  };
}

function turned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[0] = copy[0]! ^ 1;
  return copy;
}
