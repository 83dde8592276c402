/** A process that holds a lock until it is killed, as the user whose number is named, if one is. It says how that went. */
import { acquireLock } from "../acquireLock.ts";

const [path, user] = process.argv.slice(2);
if (user !== undefined) process.setuid!(Number(user));
try {
  acquireLock(path!, (pid) => new Error(`held by ${pid}`));
  process.send!("held");
  setInterval(() => undefined, 1_000);
} catch (error) {
  process.send!(String(error));
}
