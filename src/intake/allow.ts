import { BlockList, isIPv6 } from "node:net";
import type { Subnet } from "../domain/network.ts";

/** This machine alone. */
export const loopback: readonly Subnet[] = [
  { address: "127.0.0.0", bits: 8, family: "ipv4" },
  { address: "::1", bits: 128, family: "ipv6" },
];

/** Says whether an address may send; whatever cannot be read may not. */
export function createAllow(subnets: readonly Subnet[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const { address, bits, family } of subnets) list.addSubnet(address, bits, family);
  return (address) => {
    if (address === undefined) return false;
    // Where both families come to one socket, IPv4 looks like this.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    try {
      return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
    } catch {
      return false;
    }
  };
}
