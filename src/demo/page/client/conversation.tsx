import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { SceneChannel } from "../scene.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { Examples } from "./examples.tsx";
import { Message } from "./message.tsx";
import { threadsOf } from "./threads.ts";
import { dayOf } from "./words.ts";

/** A channel or direct message: what is said in it, and where to type. */
export function Conversation({ channel }: { channel: SceneChannel }) {
  const [draft, setDraft] = useState("");
  const log = useRef<HTMLDivElement>(null);
  const newest = channel.messages.at(-1)?.ts ?? "";
  useNewest(log, newest);
  const mark = channel.kind === "public" || channel.kind === "private" ? "#" : "";
  const threads = useMemo(() => threadsOf(channel.messages), [channel.messages]);
  return (
    <section className="place" aria-labelledby="place-title">
      <div className="place-head">
        <h1 id="place-title">
          {mark}
          {channel.name}
        </h1>
        <p>{channel.kind === "app" ? "App" : `${channel.memberCount} members`}</p>
      </div>
      <div className="scroll" ref={log}>
        <div className="log">
          {threads.length === 0 && !channel.isArchived && <Examples onPick={setDraft} place={channel.name} />}
          {threads.map(({ message, replies }, index) => {
            const day = dayOf(message.ts);
            const isNewDay = day !== dayOf(threads[index - 1]?.message.ts ?? "");
            return (
              <div key={message.ts}>
                {isNewDay && <p className="day">{day}</p>}
                <Message channel={channel} message={message} replies={replies} />
              </div>
            );
          })}
        </div>
      </div>
      <Announcer messages={channel.messages} />
      {channel.isArchived ? (
        <p className="archived">This channel has been archived; nothing can be said in it any more.</p>
      ) : (
        <Composer channel={channel} draft={draft} onDraft={setDraft} />
      )}
    </section>
  );
}

/** Brings the newest message into view: its end, or its beginning where it is longer than the view. */
function useNewest(log: React.RefObject<HTMLDivElement | null>, newest: string): void {
  const bring = () => {
    const box = log.current;
    const last = [...(box?.querySelectorAll<HTMLElement>(".message") ?? [])].find(
      ({ dataset }) => dataset.ts === newest,
    );
    if (!box || !last) return;
    // Not by scrollIntoView, which would have Tab begin here.
    const isLong = last.offsetHeight > box.clientHeight;
    box.scrollTop = isLong ? last.offsetTop : box.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another message moves the view
  useLayoutEffect(bring, [newest]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more when the fonts are there
  useEffect(() => void document.fonts.ready.then(bring), []);
}
