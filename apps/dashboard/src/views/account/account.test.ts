import { expect, test } from "vitest";
import { keyState } from "./keyState.ts";
import { emptyKeyForm, isLimited, newKeyOf } from "./newKey.ts";

test("an empty form asks for a key that may ask everything, and nothing else", () => {
  expect(newKeyOf(emptyKeyForm, 0)).toEqual({ label: "", scopes: ["inference"] });
});

test("a form that is filled in binds the key to models, a cap and an end", () => {
  const form = {
    ...{ label: " my site ", models: "pool-1, genesis pool-2@v3,", cap: "500", days: "2" },
    mayManage: false,
  };
  expect(newKeyOf(form, Date.UTC(2026, 0, 1))).toEqual({
    label: "my site",
    scopes: ["inference"],
    models: ["pool-1", "genesis", "pool-2@v3"],
    cap: 500,
    expires_at: "2026-01-03T00:00:00.000Z",
  });
});

test("a key that is bound or capped is not offered to manage keys", () => {
  expect(isLimited({ ...emptyKeyForm, models: "pool-1" })).toBe(true);
  expect(isLimited({ ...emptyKeyForm, cap: "500" })).toBe(true);
  const manager = { ...emptyKeyForm, days: "2", mayManage: true };
  expect(isLimited(manager)).toBe(false);
  expect(newKeyOf(manager, 0).scopes).toEqual(["inference", "keys"]);
});

test("a key is open until its end, and no longer once it is taken back", () => {
  const end = Date.UTC(2026, 0, 1);
  const expires_at = new Date(end).toISOString();
  expect(keyState({ revoked_at: null, expires_at: null }, end)).toBe("open");
  expect(keyState({ revoked_at: null, expires_at }, end - 1)).toBe("open");
  expect(keyState({ revoked_at: null, expires_at }, end)).toBe("ended");
  expect(keyState({ revoked_at: expires_at, expires_at: null }, 0)).toBe("taken back");
});
