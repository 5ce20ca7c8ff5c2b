const MINUTE = 60_000;

/** How much is taken at once from those who send; sizes are bytes, times milliseconds. */
export interface IntakeLimits {
  /** Events that may wait to be taken into the reports' data; beyond, senders have to wait. */
  readonly waiting: number;
  /** Of one document of the inbox. */
  readonly documentEvents: number;
  readonly documentBytes: number;
  readonly post: {
    readonly packed: number;
    readonly unpacked: number;
    /** Requests of one sender: so many at once, after a pause, and so many a second. */
    readonly burst: number;
    readonly perSecond: number;
    /** Requests at the same time, of one sender and of all. */
    readonly atOnceOfOne: number;
    readonly atOnce: number;
    /** Rejected records that the answer tells. */
    readonly faults: number;
  };
  readonly syslog: {
    readonly longestLine: number;
    readonly connections: number;
    readonly connectionsOfOne: number;
    /**
     * A connection without a word for so long ends. Longer than a weekend: a sender that does not notice the end of its
     * connection loses the next line.
     */
    readonly silence: number;
    /** A line that began has to end within it. */
    readonly unfinished: number;
    /** Events are stored so many together, or after so long. */
    readonly together: number;
    readonly gathering: number;
    /** Events in memory that are not stored yet; beyond, connections are not read and datagrams dropped. */
    readonly held: number;
    /** Programs whose datagrams are told apart. */
    readonly programs: number;
  };
  /** Between two movings of the inbox at least, and so many times as long as the last took. */
  readonly pause: number;
  readonly rest: number;
  /** How long the end waits for what was taken in. */
  readonly patience: number;
}

export const intakeLimits: IntakeLimits = {
  waiting: 200_000,
  documentEvents: 2_000,
  documentBytes: 1_000_000,
  post: {
    packed: 10_000_000,
    unpacked: 50_000_000,
    burst: 100,
    perSecond: 50,
    atOnceOfOne: 4,
    atOnce: 8,
    faults: 20,
  },
  syslog: {
    longestLine: 64 * 1024,
    connections: 100,
    connectionsOfOne: 20,
    silence: 72 * 60 * MINUTE,
    unfinished: MINUTE,
    together: 500,
    gathering: 1_000,
    held: 10_000,
    programs: 100,
  },
  pause: 1_000,
  rest: 3,
  patience: 5_000,
};
