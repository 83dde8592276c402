/** Which Kubo is new enough: the one that the tests run on, or a later one. */

export const kuboVersionMin = "0.43.0";

/** `version` as Kubo tells it, such as 0.43.1 or 0.44.0-rc1. */
export function isRecentKubo(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [majorMin = 0, minorMin = 0] = kuboVersionMin.split(".").map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
