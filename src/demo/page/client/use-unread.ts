import { useRef } from "react";
import type { Scene, SceneChannel } from "../scene.ts";

/** Counts what has come in a channel since it was last looked at; what was there at first is not new. */
export function useUnread(scene: Scene, place: string): (channel: SceneChannel) => number {
  const seen = useRef(new Map<string, string>());
  const newest = ({ messages }: SceneChannel): string => messages.at(-1)?.ts ?? "";
  for (const channel of scene.channels) {
    const key = `${scene.me} ${channel.id}`;
    if (channel.id === place || !seen.current.has(key)) seen.current.set(key, newest(channel));
  }
  return ({ id, messages }) => {
    const last = seen.current.get(`${scene.me} ${id}`) ?? "";
    return messages.filter(({ ts, user }) => ts > last && user !== scene.me).length;
  };
}
