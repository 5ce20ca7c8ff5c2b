import { setTimeout as sleep } from "node:timers/promises";
import { CollectError } from "./errors.ts";

/** What is asked of an API. */
export interface Call {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it is the sign-in itself, which refuses what it does not know with the status 400. */
  readonly isSignIn?: true;
  readonly signal: AbortSignal;
}

/** Asks an API for JSON, as often as it takes within reason, and no faster than it allows. */
export interface Caller {
  /**
   * The answer's object.
   * @throws CollectError; of one with the status 401 the cause is a {@link Unauthorised}
   */
  ask(call: Call): Promise<Readonly<Record<string, unknown>>>;
}

/** The API does not know the token (any more). */
export class Unauthorised extends Error {
  override name = "Unauthorised";
}

export interface CallerOptions {
  /** What messages call the other side. */
  readonly title: string;
  /** What to look at when it refuses us: the names of settings. */
  readonly credentials: string;
  /** Milliseconds from one request to the next, at the least. */
  readonly apart?: number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const TRIES = 6;
const FIRST_PAUSE = 1_000;
/** Whoever asks for a longer pause is asked again in the next round. */
const LONGEST_PAUSE = 120_000;
const PATIENCE = 60_000;
const LARGEST_ANSWER = 32 * 1024 * 1024;

/** How an attempt failed: for good, or to be tried again after so many milliseconds at the least. */
class Attempt extends Error {
  readonly again: number | undefined;
  constructor(reason: string, again: number | undefined, cause?: unknown) {
    super(reason, { cause });
    this.again = again;
  }
}

export function createCaller({
  title,
  credentials,
  apart = 0,
  pause = (ms, signal) => sleep(ms, undefined, { signal }),
}: CallerOptions): Caller {
  let nextAt = 0;
  const inTurn = async (signal: AbortSignal): Promise<void> => {
    const now = performance.now();
    const wait = nextAt - now;
    nextAt = Math.max(now, nextAt) + apart;
    if (wait > 0) await pause(wait, signal);
  };
  const failed = (attempt: Attempt): CollectError =>
    new CollectError(`${title} ${attempt.message}`, {
      retryable: attempt.again !== undefined,
      cause: attempt.cause,
    });

  return {
    async ask(call) {
      for (let tries = 1; ; tries++) {
        await inTurn(call.signal);
        try {
          return await attemptOnce(call, credentials);
        } catch (error) {
          call.signal.throwIfAborted();
          if (!(error instanceof Attempt)) throw error;
          const wait = Math.max(error.again ?? 0, FIRST_PAUSE * 2 ** (tries - 1));
          if (error.again === undefined || tries === TRIES || wait > LONGEST_PAUSE) throw failed(error);
          await pause(wait, call.signal);
        }
      }
    },
  };
}

async function attemptOnce(call: Call, credentials: string): Promise<Readonly<Record<string, unknown>>> {
  const { url, method = "GET", headers, body, signal } = call;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  let text: string;
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body !== undefined && { body }),
      signal: patience,
      // What a redirect leads to is not to be given the token.
      redirect: "manual",
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response, credentials, call.isSignIn);
    }
    text = await readText(response);
  } catch (error) {
    if (error instanceof Attempt) throw error;
    throw new Attempt(unreachable(error), 0, error);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch {
    // Said below, without the parser's words, which would repeat a part of the answer.
  }
  throw new Attempt("answers with something else than a JSON object", 0);
}

function refusal(response: Response, credentials: string, isSignIn = false): Attempt {
  const { status } = response;
  if (isSignIn && status === 400) return new Attempt(`does not accept ${credentials}`, undefined);
  if (status === 401) return new Attempt(`does not accept ${credentials}`, undefined, new Unauthorised());
  if (status === 403) return new Attempt(`does not let ${credentials} read events`, undefined);
  if (status === 429) return new Attempt("asks to be asked less often", retryAfter(response) ?? 30_000);
  if (status >= 500 || status === 408) {
    return new Attempt(`answers with an error of its own (status ${status})`, retryAfter(response) ?? 0);
  }
  if (status >= 300 && status < 400)
    return new Attempt("answers from another address; check its URL", undefined);
  return new Attempt(`does not understand what it is asked (status ${status})`, undefined);
}

/** Seconds or a date, in milliseconds from now. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get("retry-after");
  if (value === null) return undefined;
  const ms = /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new Attempt("answers with more than can be a page", undefined);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function unreachable(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === "TimeoutError") return "does not answer in time";
  return `cannot be reached${cause?.code === undefined ? "" : ` (${cause.code})`}`;
}
