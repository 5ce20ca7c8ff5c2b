import type { Target } from "../domain/target.ts";
import { nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import type { Conversation, Conversations } from "../slack-api/conversations.ts";
import type { SlackUsers } from "../slack-api/users.ts";
import { asked } from "./slack-fate.ts";

interface PlaceDeps {
  readonly users: Pick<SlackUsers, "user">;
  readonly conversations: Conversations;
}

/** A member of the workspace. @throws UsageError for anybody else */
export async function readPerson({ users }: PlaceDeps, id: string): Promise<Target> {
  const user = await asked(() => users.user(id));
  if (user === undefined || user.isOutsider)
    throw new UsageError("reports go to members of the workspace only");
  return { channel: "slack", to: id, name: `@${user.name}` };
}

const unknownChannel = (): UsageError =>
  new UsageError("I do not know that channel: if it is private, invite me with /invite first");

/** The channel with an id. @throws UsageError where there is none that `me`, a Slack id, may know of */
export async function readChannel(deps: PlaceDeps, id: string, me: string | undefined): Promise<Target> {
  const found = await asked(() => deps.conversations.byId(id));
  if (found === undefined || !(await isSeenBy(deps, found, me))) throw unknownChannel();
  return { channel: "slack", to: found.id, name: `#${found.name}` };
}

/** The same by its name; the error names the nearest public ones. */
export async function findChannel(deps: PlaceDeps, name: string, me: string | undefined): Promise<Target> {
  const all = (await asked(() => deps.conversations.all())).filter(({ isArchived }) => !isArchived);
  const found = all.find((channel) => channel.name === name.toLowerCase());
  if (found && (await isSeenBy(deps, found, me)))
    return { channel: "slack", to: found.id, name: `#${found.name}` };
  const open = all.filter(({ isPrivate }) => !isPrivate).map((channel) => channel.name);
  const close = nearest(name, open);
  const hint =
    close.length > 0
      ? `did you mean ${orList(close.map((each) => `#${each}`))}?`
      : "if it is private, invite me with /invite first";
  throw new UsageError(`I know no channel #${name.slice(0, 80)}; ${hint}`);
}

/** Private channels are there for their members alone; whoever runs the command line has the token. */
async function isSeenBy(
  { conversations }: PlaceDeps,
  { id, isPrivate }: Conversation,
  me: string | undefined,
): Promise<boolean> {
  return !isPrivate || me === undefined || asked(() => conversations.hasMember(id, me));
}
