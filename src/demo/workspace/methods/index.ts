import * as chat from "./chat.ts";
import * as conversations from "./conversations.ts";
import * as files from "./files.ts";
import * as identity from "./identity.ts";
import type { Method } from "./method.ts";
import * as people from "./people.ts";
import * as views from "./views.ts";

/** Every method of the Web API that the workspace has; any other is `unknown_method`. */
export const methods: Readonly<Record<string, Method>> = {
  "apps.connections.open": identity.openConnection,
  "auth.test": identity.authTest,
  "bots.info": identity.botInfo,
  "chat.delete": chat.remove,
  "chat.postEphemeral": chat.postEphemeral,
  "chat.postMessage": chat.postMessage,
  "chat.update": chat.update,
  "conversations.info": conversations.info,
  "conversations.list": conversations.list,
  "conversations.members": conversations.members,
  "conversations.open": conversations.open,
  "files.completeUploadExternal": files.completeUploadExternal,
  "files.delete": files.remove,
  "files.getUploadURLExternal": files.getUploadURLExternal,
  "files.info": files.info,
  "team.info": identity.teamInfo,
  "usergroups.list": people.usergroupList,
  "usergroups.users.list": people.usergroupUsers,
  "users.info": people.userInfo,
  "users.list": people.userList,
  "users.lookupByEmail": people.lookupByEmail,
  "views.open": views.open,
  "views.publish": views.publish,
  "views.push": views.push,
  "views.update": views.update,
};
