/** An amount in whole REMES with all of its six decimals that are not zero. */
export function remesText(uremes: bigint): string {
  const fraction = String(uremes % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${uremes / 1_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}
