/** Who may ask, and what it costs: the port between routes and accounts. */
import { z } from "zod";
import type { RateState } from "./rates.ts";

export const scopes = ["inference", "keys"] as const;
export type Scope = (typeof scopes)[number];
export const scope = z.enum(scopes).meta({ id: "Scope" });

export interface Access {
  /** Counts a request of somebody who has no key yet. Throws RATE_EXCEEDED. */
  knock(address: string): Promise<void>;
  /** Counts a read of what everybody may read. Throws RATE_EXCEEDED. */
  read(address: string): Promise<void>;
  /**
   * Who speaks, by the header `Authorization: Bearer …`, and whether one more request is within the rate of key and address.
   * Any scope will do if none is named.
   * Throws KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, KEY_ROTATED, KEY_SCOPE_MISSING, RATE_EXCEEDED.
   */
  admit(caller: CallerHeaders, scope: Scope | null): Promise<Caller>;
}

export interface CallerHeaders {
  readonly authorization: string | undefined;
  readonly address: string;
}

export interface Caller {
  readonly key: string;
  readonly account: string;
  readonly rate: RateState;
  /** Names of the models that the key may ask; null for all. */
  readonly models: readonly string[] | null;
  /** Sets so many credits aside. Throws CREDIT_INSUFFICIENT, KEY_CAP_REACHED. */
  reserve(credits: number): Promise<Reservation>;
}

export interface Reservation {
  /** Takes so many credits, at most those set aside, and gives the rest back; once. */
  settle(credits: number): Promise<void>;
}
