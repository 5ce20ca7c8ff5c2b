import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from "mongodb";

const DUPLICATE_KEY = 11000;

/** Whether the connection to the store was lost, so that nobody can say whether the last write is there. */
export function isConnectionLost(error: unknown): boolean {
  const cause = error instanceof MongoBulkWriteError ? error.errorResponse : error;
  if (cause instanceof MongoNetworkError) return true;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === "EPIPE" || code === "ECONNRESET";
}

/** Whether a write of one document failed because somebody else had written one with the same key. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Which documents of an unordered `insertMany` that failed had a key that was there already: all others were inserted.
 * A lost connection comes as the same class of error, with no word on any document.
 * @throws the error itself, if it tells of anything else
 */
export function duplicatesOf(error: unknown): readonly number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  const isOther = failures.some(({ code }) => code !== DUPLICATE_KEY);
  if (failures.length === 0 || isOther || error.result.getWriteConcernError()) throw error;
  return failures.map(({ index }) => index);
}
