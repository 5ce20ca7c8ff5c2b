/**
 * Whose use of the vault somebody may see: everybody's, that of the people whose manager they are (by lower-cased
 * e-mail, as the directory has it), or only their own. `email` is undefined where nobody can say it.
 */
export type Viewer =
  | { readonly sees: "everybody"; readonly email?: string | undefined }
  | { readonly sees: "team"; readonly email: string }
  | { readonly sees: "self"; readonly email?: string | undefined };

const ranks: Readonly<Record<Viewer["sees"], number>> = { self: 0, team: 1, everybody: 2 };

/** Whether the first may see at least as much as the second. */
export function seesAsMuch(one: Viewer["sees"], other: Viewer["sees"]): boolean {
  return ranks[one] >= ranks[other];
}

/** Whoever runs the command line has the store itself. */
export const operator: Viewer = { sees: "everybody" };

/** Who may ask for something: everyone about themselves, managers about their people and admins, or admins alone. */
export type Audience = "everyone" | "managers" | "admins";

const audiences: Readonly<Record<Viewer["sees"], readonly Audience[]>> = {
  everybody: ["everyone", "managers", "admins"],
  team: ["everyone", "managers"],
  self: ["everyone"],
};

/** Whether somebody is among those who may ask. */
export function isAmong(viewer: Viewer, audience: Audience): boolean {
  return audiences[viewer.sees].includes(audience);
}
