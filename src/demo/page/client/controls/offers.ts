import type { Scene } from "../../scene.ts";
import type { Control, Option } from "../blocks/block-types.ts";

export interface Offers {
  readonly label: string;
  readonly options: readonly Option[];
}

const option = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });

/** What a menu offers, in its groups; a group without a name stands alone. */
export function offersOf(element: Control, scene: Scene): readonly Offers[] {
  const { type, options, option_groups: groups, filter } = element;
  if (groups) return groups.map(({ label, options: grouped }) => ({ label: label.text, options: grouped }));
  if (options) return [{ label: "", options }];
  const people = scene.users.filter(({ kind, isDeleted }) => kind !== "slack" && !isDeleted);
  if (type.endsWith("users_select"))
    return [{ label: "", options: people.map(({ id, realName }) => option(id, realName)) }];
  const open = scene.channels.filter(({ isArchived }) => !isArchived);
  const channels = open
    .filter(({ kind }) => kind === "public")
    .concat(open.filter(({ kind }) => kind === "private"));
  const publics = [...open.filter(({ kind }) => kind === "public"), ...scene.otherChannels];
  if (type.endsWith("channels_select"))
    return [{ label: "", options: publics.map(({ id, name }) => option(id, `#${name}`)) }];
  const isIncluded = (kind: string): boolean => filter?.include?.includes(kind) ?? true;
  const direct = open.filter(
    ({ kind }) => kind === "direct" || (kind === "app" && filter?.exclude_bot_users !== true),
  );
  return [
    {
      label: "Channels",
      options: channels.filter(({ kind }) => isIncluded(kind)).map(({ id, name }) => option(id, `#${name}`)),
    },
    {
      label: "Direct messages",
      options: direct.filter(() => isIncluded("im")).map(({ id, name }) => option(id, name)),
    },
  ].filter(({ options: offered }) => offered.length > 0);
}
