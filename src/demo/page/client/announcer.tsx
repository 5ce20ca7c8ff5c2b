import type { SceneMessage } from "../scene.ts";
import { userOf, useSeen } from "./scene-context.ts";

/** Has new messages read out: a screen reader reads a message's `text`, in Slack as here, and not its blocks. */
export function Announcer({ messages }: { messages: readonly SceneMessage[] }) {
  const scene = useSeen();
  const last = messages.filter(({ user }) => user !== scene.me).at(-1);
  return (
    <p className="hidden" aria-live="polite">
      {last && `${userOf(scene, last.user).realName}: ${last.text}`}
    </p>
  );
}
