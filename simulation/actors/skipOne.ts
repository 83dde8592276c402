/** A cheat: a device that leaves out one step of every few. An audit of one random step finds it seldom; whoever trains the chunk again, always. */
import type { Session } from "@r3mes/engine";

/** Of so many steps one is not run. */
const every = 5;

/** Steps are counted over all chunks, however short: a count that began with each of them would never come to the fifth. */
export function createSkipOne(): (session: Session) => Session {
  let steps = 0;
  return (session) => ({
    ...session,
    async run(observe, only) {
      if (observe === undefined) steps += 1;
      const isLeftOut = observe === undefined && steps % every === 0;
      if (!isLeftOut) await session.run(observe, only);
    },
  });
}
