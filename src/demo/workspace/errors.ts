import { AppError } from "../../errors.ts";
import type { Json } from "./types.ts";

/** Slack's answer `{ ok: false, error }`; `details` are further fields of that answer. */
export class SlackError extends AppError {
  override name = "SlackError";
  readonly code: string;
  readonly details: Json;

  constructor(code: string, details: Json = {}) {
    super(`Slack would answer ${code} ${JSON.stringify(details)}`);
    this.code = code;
    this.details = details;
  }
}

/** A test or person asked the workspace for something that is not there to be done, such as a missing button. */
export class ActingError extends AppError {
  override name = "ActingError";
}
