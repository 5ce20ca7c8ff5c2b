import { fileTypeOf } from "./file-types.ts";
import type { Channel, Json, Message, StateValues, StoredFile, User, Usergroup, View } from "./types.ts";
import type { World } from "./world.ts";

type Place = Pick<World, "settings" | "files" | "origin">;

/** A message as the API shows it. */
export function renderMessage(world: Place, message: Message): Json {
  const { settings, files } = world;
  const { text, ts, blocks, user, thread_ts, metadata } = message;
  const isOurs = user === settings.botUserId;
  const shared = message.files.flatMap((id) => files.find(id) ?? []);
  return {
    type: "message",
    user,
    text,
    ts,
    team: settings.teamId,
    ...(isOurs ? { bot_id: settings.botId, app_id: settings.appId } : {}),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(shared.length > 0 ? { files: shared.map((file) => renderFile(world, file)) } : {}),
    ...(message.edited === true ? { edited: { user, ts } } : {}),
  };
}

/** Where a file's bytes are, for whoever has the app's token. */
export function fileUrl(origin: string, id: string, name: string): string {
  return `${origin}/files/${id}/${encodeURIComponent(name)}`;
}

/** A file as the API shows it: without its types until it is ready, which is what makes the upload a race. */
export function renderFile(world: Place, file: StoredFile): Json {
  const { settings, files } = world;
  const isReady = files.isReady(file);
  const { filetype, mimetype } =
    isReady && file.bytes ? fileTypeOf(file.name, file.bytes) : { filetype: "", mimetype: "" };
  const url = fileUrl(world.origin(), file.id, file.name);
  const shares = Object.fromEntries(file.channels.map((channel) => [channel, []]));
  return {
    id: file.id,
    created: Math.floor((file.completedAt ?? 0) / 1000),
    timestamp: Math.floor((file.completedAt ?? 0) / 1000),
    name: file.name,
    title: file.title,
    mimetype,
    filetype,
    pretty_type: filetype.toUpperCase(),
    user: file.owner ?? settings.botUserId,
    size: file.bytes?.length ?? 0,
    mode: "hosted",
    is_external: false,
    is_public: false,
    url_private: url,
    url_private_download: url,
    permalink: url,
    channels: isReady ? file.channels : [],
    groups: [],
    ims: [],
    shares: isReady && file.channels.length > 0 ? { public: shares } : {},
    ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
  };
}

/** A view as the API and payloads show it. */
export function renderView(world: Place, view: View): Json {
  const { settings } = world;
  const { userId: _, state, ...shown } = view;
  return {
    title: null,
    close: null,
    submit: null,
    ...shown,
    state: { values: renderValues(world, state) },
    team_id: settings.teamId,
    app_installed_team_id: settings.teamId,
    app_id: settings.appId,
    bot_id: settings.botId,
  };
}

/** What is entered in a view: of a file input the files, which the workspace keeps as ids. */
function renderValues(world: Place, values: StateValues): Json {
  const render = (value: Json): Json => {
    if (value.type !== "file_input" || !Array.isArray(value.files)) return value;
    const files = value.files.flatMap((id) => world.files.find(id) ?? []);
    return { ...value, files: files.map((file) => renderFile(world, file)) };
  };
  const blocks = Object.entries(values).map(([blockId, actions]) => {
    const rendered = Object.entries(actions).map(([id, value]) => [id, render(value)]);
    return [blockId, Object.fromEntries(rendered)];
  });
  return Object.fromEntries(blocks);
}

/** A person as the API shows them; the address only to those who may read addresses. */
export function renderUser({ settings }: Pick<World, "settings">, user: User): Json {
  const { email, tz = settings.timeZone, real_name, ...rest } = user;
  const maySeeEmail = settings.scopes.includes("users:read.email") && user.is_bot !== true;
  const flags = { deleted: false, is_owner: false, is_admin: false, is_bot: false };
  const profile = { real_name, display_name: user.name, ...(maySeeEmail ? { email } : {}) };
  return { team_id: settings.teamId, real_name, tz, ...flags, ...rest, profile };
}

export function renderChannel({ settings }: Pick<World, "settings">, channel: Channel): Json {
  const { members, ...rest } = channel;
  const isGroupLike = channel.is_im === true || channel.is_mpim === true;
  const peer = channel.is_im === true ? { user: members.find((id) => id !== settings.botUserId) } : {};
  const flags = { is_im: false, is_mpim: false, is_private: isGroupLike, is_archived: false };
  const isMember = members.includes(settings.botUserId);
  return {
    is_channel: !isGroupLike && channel.is_private !== true,
    is_group: channel.is_private === true,
    ...flags,
    ...rest,
    ...peer,
    is_member: isMember,
    num_members: members.length,
  };
}

export function renderUsergroup({ settings }: Pick<World, "settings">, group: Usergroup): Json {
  const { users, ...rest } = group;
  return {
    ...rest,
    team_id: settings.teamId,
    is_usergroup: true,
    date_delete: 0,
    user_count: users.length,
  };
}
