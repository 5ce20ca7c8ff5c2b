import { useId, useRef, useState } from "react";
import type { SceneChannel } from "../scene.ts";
import { useSeen } from "./scene-context.ts";
import { send } from "./send.ts";
import { Suggestions, suggest } from "./suggestions.tsx";

interface ComposerProps {
  readonly channel: SceneChannel;
  readonly draft: string;
  onDraft(text: string): void;
}

/** What was sent, newest last, for the arrow key; of one page, not of one channel. */
const sent: string[] = [];

/** Where one types: Enter sends, Shift and Enter begin a line, the arrow up brings back what was sent last. */
export function Composer({ channel, draft, onDraft }: ComposerProps) {
  const scene = useSeen();
  const [error, setError] = useState<string>();
  const [active, setActive] = useState(-1);
  const [isOpen, setOpen] = useState(true);
  const back = useRef(0);
  const list = useId();
  const offered = isOpen ? suggest(draft, scene) : [];
  const chosen = offered[active];

  const write = (text: string): void => {
    onDraft(text);
    setActive(-1);
    setOpen(true);
  };
  async function submit(line: string): Promise<void> {
    const text = line.trim();
    if (text === "") return;
    sent.push(text);
    back.current = 0;
    write("");
    setError(undefined);
    const outcome = await send({ act: "line", as: scene.me, channel: channel.id, text });
    setError(outcome.error);
  }
  function recall(): void {
    back.current = Math.min(back.current + 1, sent.length);
    const line = sent.at(-back.current);
    if (line === undefined) return;
    write(line);
    setOpen(false);
  }
  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const isRecalling = draft === "" || (!isOpen && draft === sent.at(-back.current));
    const handled: Readonly<Record<string, (() => void) | false>> = {
      Enter: !event.shiftKey && (() => (chosen === undefined ? void submit(draft) : write(chosen))),
      ArrowUp: isRecalling ? recall : offered.length > 0 && (() => setActive((at) => Math.max(at - 1, -1))),
      ArrowDown: offered.length > 0 && (() => setActive((at) => Math.min(at + 1, offered.length - 1))),
      Escape: offered.length > 0 && (() => setOpen(false)),
    };
    const act = handled[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(draft);
      }}
    >
      {error && <p role="alert">{error}</p>}
      <Suggestions id={list} offered={offered} active={active} onPick={write} />
      <div className="line">
        <label htmlFor="composer" className="hidden">
          Message {channel.name}
        </label>
        <textarea
          id="composer"
          rows={1}
          value={draft}
          placeholder="Message, or / for commands"
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : `${list}-${active}`}
          onChange={({ target }) => write(target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setOpen(false)}
        />
        <button type="submit" className="press primary">
          Send
        </button>
      </div>
    </form>
  );
}
