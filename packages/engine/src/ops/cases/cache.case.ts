/** The cache of a decoder: past and next joined in every head. */
import { codes, type OperationCase, operationCase } from "./operationCase.ts";

export function cacheCase(): OperationCase {
  return operationCase("cache.append joins past and next in every head", (c) => {
    const past = c.input("past", "i8", 2 * 3 * 5, 16, codes(1));
    const next = c.input("next", "i8", 2 * 3 * 2, 16, codes(2));
    c.one("cache.append", "all", { past, next }, { pastLength: 5, nextLength: 2 });
  });
}
