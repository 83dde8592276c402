/** The text of a fresh swarm key: 32 random bytes that every node of a private network shares. Source: go-libp2p-pnet. */

/** `random` are 32 bytes from the operating system's generator. */
export function createSwarmKey(random: Uint8Array): string {
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `/key/swarm/psk/1.0.0/\n/base16/\n${hex}\n`;
}
