/** A cheat: a device that leaves out one step of every few. An audit of one random step finds it seldom; whoever trains the chunk again, always. */
import type { Session } from "@r3mes/engine";

/** Of so many steps one is not run. */
const every = 5;

export function skipOne(session: Session): Session {
  let runs = 0;
  return {
    ...session,
    async run(observe, only) {
      runs += 1;
      const isLeftOut = observe === undefined && runs % every === 0;
      if (!isLeftOut) await session.run(observe, only);
    },
  };
}
