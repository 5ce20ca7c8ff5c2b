/** Ways of not using the vault: never, no more, and again after a long silence. */
export const inactiveGroups = ["never", "quiet", "returned"] as const;
export type InactiveGroup = (typeof inactiveGroups)[number];

export const inactiveGroupTitles: Record<InactiveGroup, string> = {
  never: "Never signed in",
  quiet: "Went quiet",
  returned: "Returned",
};
