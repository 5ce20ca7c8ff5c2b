/**
 * Whose use of the vault somebody may see: everybody's, that of the people whose manager they are (by lower-cased
 * e-mail, as the directory has it), or only their own. `email` is undefined where nobody can say it.
 */
export type Viewer =
  | { readonly sees: "everybody"; readonly email?: string | undefined }
  | { readonly sees: "team"; readonly email: string }
  | { readonly sees: "self"; readonly email?: string | undefined };

/** Whoever runs the command line has the store itself. */
export const operator: Viewer = { sees: "everybody" };
