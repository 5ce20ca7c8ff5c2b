import { createLog } from "./bounded.ts";
import { type Checks, checkContent, checkViewContent } from "./content.ts";
import { SlackError } from "./errors.ts";
import { manifestScopes, type NewBlock } from "./options.ts";
import type { Json, Violation } from "./types.ts";

/**
 * Everything that the workspace would refuse or report about a message, without a workspace: for properties over many
 * messages. Every `slack_file` counts as ready. An empty list means that the message is right.
 */
export function messageProblems(
  message: { readonly text?: string; readonly blocks?: readonly unknown[] },
  newBlocks: readonly NewBlock[] = [],
): readonly string[] {
  return problemsOf(newBlocks, (checks) => checkContent(checks, message, "message"));
}

/** The same for a view. */
export function viewProblems(view: Json): readonly string[] {
  const type = view.type === "home" ? "home" : "modal";
  return problemsOf([], (checks) => checkViewContent(checks, view, type, "view"));
}

function problemsOf(newBlocks: readonly NewBlock[], check: (checks: Checks) => void): readonly string[] {
  const violations = createLog<Violation>(100);
  try {
    check({
      settings: { newBlocks, scopes: manifestScopes },
      files: { isUsableImage: () => true },
      violations,
    });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { errors } = error.details;
    return Array.isArray(errors) ? errors.map((each) => `${error.code}: ${each}`) : [error.code];
  }
  return violations.items().map(({ rule, detail }) => `${rule}: ${detail}`);
}
