/** What the thread that answers and the thread that computes say to each other. Bytes are storage bytes, moved rather than copied. */
import type { Member, RowRange } from "@r3mes/engine";
import type { ErrorReport } from "@r3mes/protocol";
import type { BackendWanted } from "./openBackend.ts";
import type { RunTime } from "./timedSession.ts";

/** `threads` are those of a step, with the computing thread itself. */
export interface DeviceStart extends BackendWanted {
  /** How far the computing steps back behind others on the machine, 0 to 19. */
  readonly niceness: number;
  /** One i32, modulo 2^32: how many observed bytes the other side has taken in. The computing waits for it, so that few pile up. */
  readonly taken: SharedArrayBuffer;
}

/** Requests are answered in the order in which they were sent; a write has no answer, its failure is that of the next request. */
export type ToDevice =
  /** A session for each member, of these numbers; all of them are one machine. */
  | {
      readonly kind: "prepare";
      readonly sessions: readonly number[];
      readonly members: readonly Member[];
    }
  | {
      readonly kind: "write";
      readonly session: number;
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly rows: RowRange | undefined;
    }
  | {
      readonly kind: "writeAll";
      readonly session: number;
      readonly names: readonly string[];
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly isObserved: boolean;
      /** Positions of the operations that are to be shown; all of them unless stated. */
      readonly only?: ReadonlySet<number>;
    }
  | {
      readonly kind: "read";
      readonly session: number;
      readonly name: string;
      readonly rows: RowRange | undefined;
    }
  | { readonly kind: "readAll"; readonly session: number; readonly names: readonly string[] }
  /** Memory of an earlier `readAll`; it has no answer. */
  | { readonly kind: "giveBack"; readonly session: number; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly session: number }
  /** Answers `need`. */
  | { readonly kind: "weight"; readonly bytes: Uint8Array }
  | { readonly kind: "noWeight"; readonly error: ErrorReport };

export type FromDevice =
  /** It computes the specified bytes. */
  | { readonly kind: "ready"; readonly backend: string }
  | { readonly kind: "unfit"; readonly error: ErrorReport }
  | { readonly kind: "warn"; readonly text: string }
  /** What is being prepared lacks a weight. */
  | { readonly kind: "need"; readonly name: string }
  | {
      readonly kind: "observed";
      readonly operation: number;
      readonly output: number;
      readonly bytes: Uint8Array;
    }
  /** The oldest request is answered; `bytes` are what was read. */
  | {
      readonly kind: "done";
      readonly bytes: Uint8Array | undefined;
      /** Where a step was run. */
      readonly took: RunTime | undefined;
    }
  | { readonly kind: "failed"; readonly error: ErrorReport };
