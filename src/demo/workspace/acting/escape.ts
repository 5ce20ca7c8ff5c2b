import type { Directory } from "../directory.ts";

const email = /(?<![\w.@|:])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const url = /(?<![<|])https?:\/\/[^\s<>|]+/g;
const mention = /(?<![\w<@])@([\w.-]*\w)/g;
const channelName = /(?<![\w<#&])#([\w-]+)/g;

/**
 * Text as Slack sends it with a slash command. `&`, `<` and `>` are escaped; where the command is set to escape
 * people, channels and links, these become `<@U1|name>`, `<#C1|name>`, `<!subteam^S1|@handle>` and
 * `<mailto:a@b.c|a@b.c>`.
 */
export function escapeCommandText(text: string, directory: Directory, shouldEscape: boolean): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  if (!shouldEscape) return escaped;
  return escaped
    .replace(url, (found) => `<${found}>`)
    .replace(email, (found) => `<mailto:${found}|${found}>`)
    .replace(mention, (found, name: string) => mentionOf(directory, name) ?? found)
    .replace(channelName, (found, name: string) => {
      const channel = directory.channels().find((each) => each.name === name && each.is_im !== true);
      return channel === undefined ? found : `<#${channel.id}|${channel.name}>`;
    });
}

function mentionOf(directory: Directory, name: string): string | undefined {
  if (["here", "channel", "everyone"].includes(name)) return `<!${name}>`;
  const user = directory.users().find((each) => each.name === name);
  if (user !== undefined) return `<@${user.id}|${user.name}>`;
  const group = directory.usergroups().find((each) => each.handle === name);
  return group === undefined ? undefined : `<!subteam^${group.id}|@${group.handle}>`;
}
