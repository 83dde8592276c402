/** Finds the addresses that somebody named anywhere in plain data. */
const form = /^remes1[02-9ac-hj-np-z]{38}$/;

/** Every address once, in the order of its first mention. Only a whole value counts: text that quotes one names nobody. */
export function addressesIn(data: unknown): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      if (form.test(value)) found.add(value);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  walk(data);
  return [...found];
}
