/** What a program prints when asked for its version; null when it is missing or refuses. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const answerWithinMs = 20_000;

export async function programOutput(
  program: string,
  args: readonly string[],
): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { timeout: answerWithinMs });
    return stdout.trim();
  } catch {
    return null;
  }
}
