import type { Scene } from "../scene.ts";

/** The commands, with examples, that what is typed may become. */
export function suggest(
  draft: string,
  { commands, examples }: Pick<Scene, "commands" | "examples">,
): string[] {
  if (!draft.startsWith("/")) return [];
  const lines = [...new Set([...examples, ...commands])];
  return lines.filter((line) => line.startsWith(draft) && line !== draft);
}

interface SuggestionsProps {
  readonly id: string;
  readonly offered: readonly string[];
  readonly active: number;
  onPick(line: string): void;
}

/** The list above the composer, gone through with the arrow keys or clicked. */
export function Suggestions({ id, offered, active, onPick }: SuggestionsProps) {
  return (
    <div id={id} className="suggestions" role="listbox" aria-label="Commands" hidden={offered.length === 0}>
      {offered.map((line, index) => (
        <div
          key={line}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // Before the composer loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(line);
          }}
        >
          {line}
        </div>
      ))}
    </div>
  );
}
