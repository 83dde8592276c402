/** A chain whose tokens are worth nothing: one for development, or for tests. Only there is anything given away. */
export function isPlayChain(chainId: string): boolean {
  return /^remes(dev|test)-\d+$/.test(chainId);
}
