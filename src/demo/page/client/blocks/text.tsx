import { type MessageProps, Message as SlackBlocks } from "slack-blocks-to-jsx";
import { useSeen } from "../scene-context.ts";
import type { TextObject } from "./block-types.ts";

/** Blocks with Slack's formatting, and the names of the people and channels that they mention. */
export function Formatted({ blocks }: { blocks: readonly object[] }) {
  const { users, channels, otherChannels, usergroups } = useSeen();
  const data = {
    users: users.map(({ id, realName }) => ({ id, name: realName })),
    channels: [...channels, ...otherChannels].map(({ id, name }) => ({ id, name })),
    user_groups: usergroups.map(({ id, handle }) => ({ id, name: handle })),
  };
  return (
    <SlackBlocks
      blocks={blocks as MessageProps["blocks"]}
      data={data}
      hooks={{ link: OutsideLink }}
      logo=""
      name=""
      withoutWrapper
    />
  );
}

function OutsideLink({
  href,
  children,
  className,
}: {
  href: string;
  children: React.ReactNode;
  className: string;
}) {
  const isSafe = /^(https?|mailto):/i.test(href);
  if (!isSafe) return <span>{children}</span>;
  return (
    <a className={className} href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

/** A text object. Plain text is shown to the letter: the library would read formatting in it, which Slack does not. */
export function Text({ text }: { text: TextObject }) {
  if (text.type === "plain_text") return <p className="plain">{text.text}</p>;
  return <Formatted blocks={[{ type: "section", text }]} />;
}
