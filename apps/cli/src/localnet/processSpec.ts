/** What the supervisor must know to run one process of a localnet. */
export type ProcessSpec = {
  /** Unique within the localnet; also the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment that r3mes itself has; undefined takes a variable away. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** What it listens on, by purpose: when it has ended and another has one of these, it cannot come back. */
  readonly ports: { readonly [purpose: string]: number | undefined };
  /** Processes that must be ready before this one starts, and that stop after it. */
  readonly after: readonly string[];
  /** If there, asked before the first start until it resolves true, or long enough: whoever must be there by then is. */
  readonly mayStart?: (signal: AbortSignal) => Promise<boolean>;
  /** It stops before all others, also before those that need it and can wait. */
  readonly stopsFirst?: boolean;
  /** Asked again and again until it resolves true: the process does what it is for. */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  readonly readyWithinMs: number;
  /** It may be killed at any moment and is started again; one that never gets ready is not. */
  readonly restarts?: boolean;
  /** The others go on without it: when it ends for good, that is shown with its reason. */
  readonly endsAlone?: boolean;
};

export type ProcessState = "waiting" | "starting" | "ready" | "stopping" | "stopped" | "failed";

export type ProcessReport = {
  readonly name: string;
  readonly state: ProcessState;
  /** Null before the start and after the end. */
  readonly pid: number | null;
  /** How often it was started again. */
  readonly restarts: number;
  /** Why it ended for good, where the others went on without it. */
  readonly reason?: string;
};
