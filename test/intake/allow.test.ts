import { expect, test } from "vitest";
import { parseSubnet } from "../../src/domain/network.ts";
import { createAllow, loopback } from "../../src/intake/allow.ts";

test("only those who are named may send, and without a list this machine alone", () => {
  const own = createAllow(loopback);
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
    expect(own(address)).toBe(true);
  for (const address of ["10.0.0.1", "::2", "::ffff:10.0.0.1", "", "x", undefined])
    expect(own(address)).toBe(false);
  const named = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"].map(parseSubnet);
  const allow = createAllow(named.filter((each) => each !== undefined));
  for (const address of ["10.255.0.1", "192.0.2.7", "2001:db8:1::7", "::ffff:10.1.1.1"]) {
    expect(allow(address)).toBe(true);
  }
  for (const address of ["11.0.0.1", "192.0.2.8", "2001:db9::1", "127.0.0.1", "::1"]) {
    expect(allow(address)).toBe(false);
  }
});
