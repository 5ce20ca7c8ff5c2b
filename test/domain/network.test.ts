import { expect, test } from "vitest";
import { parseEndpoint, parseSubnet } from "../../src/domain/network.ts";

test.each([
  ["514", { host: "127.0.0.1", port: 514 }],
  ["0.0.0.0:6514", { host: "0.0.0.0", port: 6514 }],
  ["[::]:0", { host: "::", port: 0 }],
  ["logs.example.com:514", { host: "logs.example.com", port: 514 }],
  ["65536", undefined],
  ["::1:514", undefined],
  ["[x]:514", undefined],
  ["10.0.0.1", undefined],
  [":514", undefined],
  ["", undefined],
])("a place to listen: %s", (text, expected) => {
  expect(parseEndpoint(text)).toEqual(expected);
});

test.each([
  ["10.1.2.3", { address: "10.1.2.3", bits: 32, family: "ipv4" }],
  ["10.0.0.0/8", { address: "10.0.0.0", bits: 8, family: "ipv4" }],
  ["::1", { address: "::1", bits: 128, family: "ipv6" }],
  ["fd00::/8", { address: "fd00::", bits: 8, family: "ipv6" }],
  ["10.0.0.0/33", undefined],
  ["10.0.0/8", undefined],
  ["example.com", undefined],
  ["", undefined],
])("addresses: %s", (text, expected) => {
  expect(parseSubnet(text)).toEqual(expected);
});
