/**
 * Which adapter version a name means. A version has one number, the chain's: `pool-1@v7`, as the API names it, is version 7, made by
 * pool 1, and `adapter@v7` is the same, whoever made it. `@latest` is the newest. Pure.
 */
import type { AdapterVersion } from "@r3mes/protocol/messages";

/** Versions come oldest first. */
export function chooseAdapter<Version extends Pick<AdapterVersion, "id" | "poolId">>(
  name: string,
  versions: readonly Version[],
): Version | undefined {
  const [, maker = "", version = ""] =
    /^(adapter|pool-\d{1,18})@(latest|v\d{1,18})$/.exec(name) ?? [];
  if (maker === "") return undefined;
  const made = maker === "adapter" ? versions : versions.filter(isMadeBy(maker));
  return version === "latest" ? made.at(-1) : made.find(({ id }) => `v${id}` === version);
}

function isMadeBy(maker: string) {
  return ({ poolId }: Pick<AdapterVersion, "poolId">): boolean => `pool-${poolId}` === maker;
}
