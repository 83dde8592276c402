/** A process that holds a lock until it is killed. */
import { acquireLock } from "../acquireLock.ts";

acquireLock(process.argv[2]!, (pid) => new Error(`held by ${pid}`));
process.send!("held");
setInterval(() => undefined, 1_000);
