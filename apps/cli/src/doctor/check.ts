/** One look at the machine: what was found, whether that is enough, and what to do if it is not. */
export type Check = {
  readonly name: CheckName;
  readonly status: "ok" | "warn" | "fail";
  /** What was found, in a few words. */
  readonly found: string;
  /** Null exactly when the status is ok. */
  readonly remedy: string | null;
};

/** The names of all checks, in the order in which they are shown. */
export const checkNames = [
  "node",
  "npm",
  "go",
  "compiler",
  "native",
  "remesd",
  "cores",
  "memory",
  "disk",
  "ports",
  "simd",
  "relaxed-simd",
  "shared-memory",
  "webgpu",
  "clock",
] as const;

export type CheckName = (typeof checkNames)[number];

export function ok(name: CheckName, found: string): Check {
  return { name, status: "ok", found, remedy: null };
}

export function warn(name: CheckName, found: string, remedy: string): Check {
  return { name, status: "warn", found, remedy };
}

export function fail(name: CheckName, found: string, remedy: string): Check {
  return { name, status: "fail", found, remedy };
}
