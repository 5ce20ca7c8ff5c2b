import { BreakOff } from "./source.ts";

/** How much may come out of what is packed: beyond that it is made to fill a disk or to never end. */
export interface UnpackLimits {
  /** Unpacked bytes in all. */
  readonly bytes: number;
  /** So many times the packed bytes, once there are more than `ratioFrom`. Logs come to 10 or 50, deflate to 1,032. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export const unpackLimits: UnpackLimits = { bytes: 50e9, ratio: 500, ratioFrom: 100e6 };

/** Follows what goes into the unpacking of one file and what comes out. */
export interface Meter {
  took(packed: number): void;
  /** @throws BreakOff when it is too much */
  gave(unpacked: number): void;
}

export function createMeter({ bytes, ratio, ratioFrom }: UnpackLimits): Meter {
  let packed = 0;
  let unpacked = 0;
  return {
    took(size) {
      packed += size;
    },
    gave(size) {
      unpacked += size;
      if (unpacked > bytes) throw new BreakOff(`it unpacks to more than ${Math.round(bytes / 1e9)} GB`);
      if (unpacked > ratioFrom && unpacked > ratio * packed) {
        throw new BreakOff(`it unpacks to more than ${ratio} times its size, as no log does`);
      }
    },
  };
}
