import { AppError } from "../errors.ts";

/**
 * A vault's API did not give what it was asked for; the message says why in words for an admin. `retryable` if that may
 * pass by itself.
 */
export class CollectError extends AppError {
  override name = "CollectError";

  constructor(message: string, options: { cause?: unknown; retryable: boolean }) {
    super(message, { ...options, userMessage: message });
  }
}
