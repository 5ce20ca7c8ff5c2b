import { isIP } from "node:net";

/** Where to listen: an address or a name of this machine, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Addresses that begin with the same bits as `address`; all of its bits for one address. */
export interface Subnet {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** A port, or an address and a port: `6514`, `0.0.0.0:6514`, `[::]:6514`. Without an address it is this machine alone. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const found = /^(?:(?:\[([\dA-Fa-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/.exec(text);
  if (found === null) return undefined;
  const [, inBrackets, name, digits] = found;
  const port = Number(digits);
  if (port > 65_535 || (inBrackets !== undefined && isIP(inBrackets) !== 6)) return undefined;
  return { host: inBrackets ?? name ?? "127.0.0.1", port };
}

/** An address, or several: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = "", digits] = /^([\dA-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = digits === undefined ? most : Number(digits);
  return bits > most ? undefined : { address, bits, family: version === 4 ? "ipv4" : "ipv6" };
}
