/** What a person sees of a miner or verifier that runs here: its log as one line for each thing that happened, and its own numbers. */
import type { Host } from "../host.ts";
import { describeStatus } from "./describeStatus.ts";

export type RoleView = { readonly line: (line: string) => void; readonly close: () => void };

const statusEveryMs = 5_000;

/** Reads the process's JSON lines; asks its `/status` now and then once it has said where that is. */
export function createRoleView({ stdout, paint }: Host): RoleView {
  let timer: NodeJS.Timeout | undefined;
  let shown = "";
  const write = (text: string) => void stdout.write(`${text}\n`);
  const ask = async (port: number) => {
    const response = await fetch(`http://127.0.0.1:${port}/status`).catch(() => null);
    const status: unknown = response === null ? null : await response.json().catch(() => null);
    const text = describeStatus(status);
    if (text !== null && text !== shown) write(paint.dim(` ${text}`));
    shown = text ?? shown;
  };
  return {
    line(line) {
      const entry = parse(line);
      if (entry === null) return write(line);
      const { time, level, name: _name, msg, ...facts } = entry;
      if (typeof facts.http === "number" && timer === undefined) {
        const { http } = facts;
        timer = setInterval(() => void ask(http), statusEveryMs);
      }
      const text = `${String(time).slice(11, 19)}  ${msg}  ${describeFacts(facts)}`.trimEnd();
      write(level === "info" ? text : paint.yellow(text));
    },
    close: () => clearInterval(timer),
  };
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** An error says its message and what to do; other facts are few and plain. */
function describeFacts({ error, ...facts }: Record<string, unknown>): string {
  const { message, next } = (error ?? {}) as { message?: string; next?: string };
  const rest = Object.entries(facts).map(([name, value]) => `${name} ${plain(value)}`);
  return [
    ...(message === undefined ? [] : [message]),
    ...((next ?? "") ? [`next: ${next}`] : []),
    ...rest,
  ].join("  ");
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
