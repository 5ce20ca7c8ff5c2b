import { useSeen } from "../scene-context.ts";
import { sizeOf } from "../words.ts";

interface ChosenFilesProps {
  readonly id: string;
  readonly chosen: readonly string[];
  /** None can be taken away now. */
  readonly isFixed: boolean;
  onRemove(file: string): void;
}

/** The files in a file input, each to be taken out again. */
export function ChosenFiles({ id, chosen, isFixed, onRemove }: ChosenFilesProps) {
  const { files } = useSeen();
  if (chosen.length === 0) return null;
  return (
    <ul className="chosen" id={id}>
      {chosen.map((each) => {
        const { name, bytes } = files[each] ?? { name: "A file", bytes: 0 };
        return (
          <li key={each}>
            <span className="name">{name}</span>
            <small>{sizeOf(bytes)}</small>
            <button
              type="button"
              className="press plain"
              aria-label={`Remove ${name}`}
              disabled={isFixed}
              onClick={() => onRemove(each)}
            >
              ×
            </button>
          </li>
        );
      })}
    </ul>
  );
}
