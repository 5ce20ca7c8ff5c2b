import { type Audience, isAmong, operator, type Viewer } from "../domain/viewer.ts";
import { AccessError } from "../errors.ts";
import type { CommandOptions, Front } from "./command.ts";

/** Who asks. Only in a terminal may nobody be said: anywhere else that is somebody of whom nothing is known. */
export function viewerOfCall({ viewer }: CommandOptions, front: Front): Viewer {
  return viewer ?? (front === "terminal" ? operator : { sees: "self" });
}

/**
 * The one place where it is decided whether somebody may ask for something.
 * @throws AccessError with a sentence that says what they may ask for instead
 */
export function checkAudience(audience: Audience, viewer: Viewer, front: Front): void {
  if (isAmong(viewer, audience)) return;
  const me = front === "slack" ? "/usage me" : "me";
  const what =
    audience === "admins"
      ? "This is shown to the vault’s admins only"
      : "Who uses the vault is shown to its admins and to managers for their teams";
  throw new AccessError(`${viewer.sees} is not among ${audience}`, {
    userMessage: `${what}; ${me} shows your own.`,
  });
}
