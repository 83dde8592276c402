/** Who may ask, and what it costs: the port between routes and accounts. */
import { z } from "zod";

export const scopes = ["inference", "keys"] as const;
export type Scope = (typeof scopes)[number];
export const scope = z.enum(scopes).meta({ id: "Scope" });

export interface Access {
  /**
   * Who speaks, by the header `Authorization: Bearer …`, and whether one more request is within the rate of key and address.
   * Throws KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, KEY_SCOPE_MISSING, RATE_EXCEEDED.
   */
  admit(caller: CallerHeaders, scope: Scope): Promise<Caller>;
}

export interface CallerHeaders {
  readonly authorization: string | undefined;
  readonly address: string;
}

export interface Caller {
  readonly key: string;
  readonly account: string;
  readonly rate: RateState;
  /** Sets so many credits aside. Throws CREDIT_INSUFFICIENT, KEY_CAP_REACHED. */
  reserve(credits: number): Promise<Reservation>;
}

export interface Reservation {
  /** Takes so many credits, at most those set aside, and gives the rest back; once. */
  settle(credits: number): Promise<void>;
}

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetS: number;
}
