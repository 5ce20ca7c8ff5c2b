import type { Mailbox } from "../mailbox/index.ts";
import { activePerson } from "../workspace/acting/person.ts";
import type { Channel, Message, StoredFile, User, View, Workspace } from "../workspace/index.ts";
import type { Scene, SceneChannel, SceneFile, SceneMessage, SceneUser, SceneView } from "./scene.ts";
import { seeBytes } from "./see-file.ts";
import { seeMail } from "./see-mail.ts";

/** More would only make the page slow. */
const MOST_MESSAGES = 100;
const MOST_MAILS = 100;
const SLACK: SceneUser = {
  id: "USLACKBOT",
  name: "slackbot",
  realName: "Slackbot",
  kind: "slack",
  role: "",
  isDeleted: false,
};

/** What there is to see beside the workspace. */
export interface Surroundings {
  readonly mailbox?: Pick<Mailbox, "mails"> | undefined;
  /** Lines to try. */
  readonly examples?: readonly string[];
}

/**
 * All that this person sees: the channels they are in, what the app shows only to them, the files of both, and their
 * mails. Throws ActingError for nobody who can act.
 */
export function see(
  workspace: Workspace,
  userId: string,
  { mailbox, examples = [] }: Surroundings = {},
): Scene {
  const { settings, directory } = workspace;
  const { email: address } = activePerson(workspace, userId);
  // Made on first use, and here it is to be in the list from the start.
  workspace.directMessage(userId);
  const channels = directory
    .channels()
    .filter((channel) => channel.members.includes(userId))
    .map((channel) => seeChannel(workspace, userId, channel));
  const home = workspace.home(userId);
  const modals = workspace.modals(userId);
  const isOther = (channel: Channel): boolean =>
    !channel.members.includes(userId) && !channel.is_private && !channel.is_im && !channel.is_mpim;
  return {
    workspace: settings.teamDomain,
    me: userId,
    address,
    appUser: settings.botUserId,
    hasHome: settings.homeTab,
    commands: settings.commands,
    examples,
    users: [...directory.users().map(seeUser), SLACK],
    channels,
    otherChannels: directory
      .channels()
      .filter(isOther)
      .map(({ id, name }) => ({ id, name })),
    usergroups: directory.usergroups().map(({ id, handle }) => ({ id, handle })),
    files: filesIn(workspace, userId, [channels, home, modals]),
    mails: (mailbox?.mails(address) ?? []).slice(0, MOST_MAILS).map((mail) => seeMail(userId, mail)),
    ...(home === undefined ? {} : { home: seeView(home) }),
    modals: modals.map(seeView),
  };
}

function seeUser(user: User): SceneUser {
  const { id, name, real_name: realName, is_bot: isApp, is_owner, is_admin, deleted } = user;
  const role = is_owner ? "owner" : is_admin ? "admin" : "member";
  return {
    id,
    name,
    realName,
    kind: isApp ? "app" : "person",
    role: isApp ? "app" : role,
    isDeleted: deleted === true,
  };
}

function seeChannel(workspace: Workspace, userId: string, channel: Channel): SceneChannel {
  const { id, is_im: isDirect, is_mpim: isGroup, is_private: isPrivate, is_archived, members } = channel;
  const others = members.filter((member) => member !== userId);
  const isApp = isDirect === true && others.includes(workspace.settings.botUserId);
  const names = others.map((other) => workspace.directory.user(other)?.real_name ?? other);
  const isPersonal = isDirect === true || isGroup === true;
  return {
    id,
    name: isPersonal ? names.join(", ") : channel.name,
    kind: isApp ? "app" : isPersonal ? "direct" : isPrivate ? "private" : "public",
    isArchived: is_archived === true,
    memberCount: members.length,
    messages: workspace.conversation(userId, id).slice(-MOST_MESSAGES).map(seeMessage),
  };
}

// Messages are never changed in place, so an object that was not seen before is a change.
const versions = new WeakMap<Message, number>();
let lastVersion = 0;

function seeMessage(message: Message): SceneMessage {
  const { ts, user, text, blocks, files, thread_ts: thread } = message;
  const version = versions.get(message) ?? ++lastVersion;
  versions.set(message, version);
  return {
    ts,
    user,
    text,
    blocks,
    files,
    version,
    ...(thread === undefined || thread === ts ? {} : { thread }),
    isEphemeral: message.ephemeralTo !== undefined,
    isEdited: message.edited === true,
  };
}

function seeView({ id, type, hash, blocks, state, title, submit, close }: View): SceneView {
  const words = { ...(title && { title }), ...(submit && { submit }), ...(close && { close }) };
  return { id, type, hash, blocks, state, ...words };
}

/** The files named anywhere in what the person sees, and their own. */
function filesIn(workspace: Workspace, userId: string, seen: unknown): Record<string, SceneFile> {
  const text = JSON.stringify(seen);
  const files = workspace.files().filter(({ id, owner }) => owner === userId || text.includes(`"${id}"`));
  return Object.fromEntries(files.map((file) => [file.id, seeFile(userId, file)]));
}

function seeFile(userId: string, { id, name, title, altText, bytes }: StoredFile): SceneFile {
  return {
    id,
    title,
    url: `/file/${encodeURIComponent(userId)}/${encodeURIComponent(id)}`,
    altText: altText ?? "",
    ...seeBytes(name, bytes),
  };
}
