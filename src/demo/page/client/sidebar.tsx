import { type ReactNode, useEffect, useRef } from "react";
import type { SceneChannel } from "../scene.ts";
import { Avatar } from "./avatar.tsx";
import { useRead } from "./mail/read-mails.ts";
import { hrefOf } from "./route.ts";
import { userOf, useSeen } from "./scene-context.ts";
import { useUnread } from "./use-unread.ts";

const lock = (
  <svg viewBox="0 0 16 16" width="0.9em" fill="currentColor" aria-hidden="true">
    <path d="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z" />
  </svg>
);
const marks = { public: "#", private: lock, direct: "@", app: "" } as const;

/** Who one is, and where one can go. On a phone it is a drawer. */
export function Sidebar({ place }: { place: string }) {
  const scene = useSeen();
  const drawer = useRef<HTMLDetailsElement>(null);
  const unread = useUnread(scene, place);
  const { isRead } = useRead(scene.me);
  const newMails = scene.mails.filter(({ id }) => !isRead(id)).length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer
  useEffect(() => drawer.current?.removeAttribute("open"), [place, scene.me]);
  const { me, channels } = scene;
  const app = channels.find(({ kind }) => kind === "app");
  const item = (to: string, mark: ReactNode, name: string, note = "") => (
    <li key={to}>
      <a
        href={hrefOf(me, to)}
        aria-current={to === place ? "page" : undefined}
        className={note.endsWith("new") ? "new" : undefined}
      >
        <span className="mark" aria-hidden="true">
          {mark}
        </span>
        <span className="name">{name}</span>
        {note && <small className="note">{note}</small>}
      </a>
    </li>
  );
  const channelItem = (channel: SceneChannel) => {
    const count = unread(channel);
    const note = channel.isArchived ? "archived" : count > 0 ? `${count} new` : "";
    return item(channel.id, marks[channel.kind], channel.name, note);
  };
  const places = (
    <nav aria-label="Places">
      <h2>Channels</h2>
      <ul>{channels.filter(({ kind }) => kind !== "app").map(channelItem)}</ul>
      <h2>{userOf(scene, scene.appUser).realName}</h2>
      <ul>
        {scene.hasHome && item("home", "⌂", "Home")}
        {app && item(app.id, "✉︎", "Messages", unread(app) > 0 ? `${unread(app)} new` : "")}
      </ul>
      <h2>Outside Slack</h2>
      <ul>{item("mail", "@", "Mailbox", newMails > 0 ? `${newMails} new` : "")}</ul>
    </nav>
  );
  return (
    <header className="sidebar">
      <div className="workspace">
        <strong>{scene.workspace}</strong>
        <small>local demo</small>
      </div>
      <PersonMenu place={place} />
      <details className="drawer" ref={drawer}>
        <summary>Go to</summary>
        {places}
      </details>
      <div className="wide">{places}</div>
    </header>
  );
}

function PersonMenu({ place }: { place: string }) {
  const scene = useSeen();
  const people = scene.users.filter(({ kind, isDeleted }) => kind === "person" && !isDeleted);
  return (
    <div className="person">
      <Avatar user={userOf(scene, scene.me)} small />
      <select
        aria-label="You are"
        value={scene.me}
        onChange={({ target }) => location.assign(hrefOf(target.value, place))}
      >
        {people.map(({ id, realName, role }) => (
          <option key={id} value={id}>
            {realName} · {role}
          </option>
        ))}
      </select>
    </div>
  );
}
