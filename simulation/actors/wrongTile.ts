/**
 * A cheat: a device that turns one bit of a tensor in every step, and one of a factor that the step writes, and stands by both. Its
 * states and traces agree with each other, so that only the tile itself convicts whoever uses it.
 */
import type { Session } from "@r3mes/engine";
import { tensorOf, turned, wrongTrace } from "./wrongTrace.ts";

/** `tensor` is named as in the program; the factor is the one that a step writes last. */
export function wrongTile(session: Session, tensor: string): Session {
  const { program } = session;
  const lastWriter = program.operations.findLast(({ kind }) => kind === "adam")!;
  const factor = lastWriter.outputs[0]!;
  const showing = wrongTrace(session, new Set([factor, tensorOf(session, tensor)]));
  return {
    ...session,
    async run(observe) {
      await showing.run(observe);
      const { name } = program.tensors[factor]!;
      session.write(name, turned(await session.read(name)));
    },
  };
}
