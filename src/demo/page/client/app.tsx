import { useEffect } from "react";
import { Conversation } from "./conversation.tsx";
import { HomeTab } from "./home-tab.tsx";
import { MailAnnouncer } from "./mail/mail-announcer.tsx";
import { Mailbox } from "./mail/mailbox.tsx";
import { ModalStack } from "./modal-stack.tsx";
import { hrefOf, useRoute } from "./route.ts";
import { SceneContext } from "./scene-context.ts";
import { Sidebar } from "./sidebar.tsx";
import { useScene } from "./use-scene.ts";

/** Who looks when the address does not say. */
const SOMEBODY = "U0ADMIN";

/** The whole page. */
export function App() {
  const { person, place, item } = useRoute();
  const { scene, isLost } = useScene(person || SOMEBODY);
  const known = scene?.channels.find(({ id }) => id === place);
  const channel = known ?? scene?.channels.find(({ kind }) => kind === "public" || kind === "private");
  const isElsewhere = place === "home" || place === "mail";
  const actual = isElsewhere ? place : (channel?.id ?? "");
  useEffect(() => {
    if (scene && (place !== actual || person !== scene.me)) location.replace(hrefOf(scene.me, actual));
  }, [scene, place, actual, person]);
  if (scene === undefined)
    return (
      <main className="waiting" aria-busy={!isLost}>
        {isLost ? "The demo is not running. Start it with npm run demo, then reload." : "Loading…"}
      </main>
    );
  return (
    <SceneContext value={scene}>
      <button
        type="button"
        className="press plain skip"
        onClick={() => document.getElementById("main")?.focus()}
      >
        Skip to the content
      </button>
      <Sidebar place={actual} />
      <main id="main" tabIndex={-1}>
        {isLost && (
          <p className="lost" role="alert">
            The demo has ended. What you see is how it was.
          </p>
        )}
        {actual === "home" && <HomeTab key={scene.me} />}
        {actual === "mail" && <Mailbox key={scene.me} id={item} />}
        {!isElsewhere && channel && <Conversation key={`${scene.me} ${channel.id}`} channel={channel} />}
      </main>
      <MailAnnouncer key={`mail ${scene.me}`} />
      <ModalStack key={scene.me} channel={channel?.id} />
    </SceneContext>
  );
}
