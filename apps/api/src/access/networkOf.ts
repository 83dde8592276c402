/**
 * Whose an address is, as far as it can be told: what is counted of an address is counted of this. A customer of IPv6 has a network of
 * 64 bits at the least and may speak from any address in it, so there the network counts.
 */
import { isIPv6 } from "node:net";

/** Of the eight groups of an address, those that name a network. */
const groupsOfNetwork = 4;

export function networkOf(address: string): string {
  // How a socket for both kinds names a client of IPv4.
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  // The last 32 bits may be written as IPv4's are.
  const [head, tail] = address.replace(/\d+(?:\.\d+){3}/, "0:0").split("::");
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = new Array<number>(8 - first.length - last.length).fill(0);
  const network = [...first, ...zeros, ...last].slice(0, groupsOfNetwork);
  return `${network.map((group) => group.toString(16)).join(":")}::/64`;
}

function groupsOf(part: string | undefined): number[] {
  return part === undefined || part === ""
    ? []
    : part.split(":").map((group) => Number.parseInt(group, 16));
}
