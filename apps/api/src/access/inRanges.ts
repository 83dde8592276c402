/** Whether an address is in one of some ranges, however it is written. */
import { BlockList, isIP } from "node:net";

const kindOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** @param ranges addresses, or ranges as 10.0.0.0/8 */
export function inRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split("/");
    if (bits === undefined) list.addAddress(address!, kindOf(address!));
    else list.addSubnet(address!, Number(bits), kindOf(address!));
  }
  return (address) => isIP(address) !== 0 && list.check(address, kindOf(address));
}

/** Addresses of a machine's own, by which nobody else comes. */
export const isThisMachine = inRanges(["127.0.0.0/8", "::1"]);
