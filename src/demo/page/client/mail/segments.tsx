import { useId } from "react";

interface SegmentsProps<T extends string> {
  readonly name: string;
  /** Each with what stands on it. */
  readonly choices: Readonly<Record<T, string>>;
  readonly chosen: T;
  onChoose(choice: T): void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ name, choices, chosen, onChoose }: SegmentsProps<T>) {
  const group = useId();
  return (
    <fieldset className="segments">
      <legend className="hidden">{name}</legend>
      {(Object.entries(choices) as [T, string][]).map(([choice, label]) => (
        <label key={choice}>
          <input
            type="radio"
            className="hidden"
            name={group}
            checked={choice === chosen}
            onChange={() => onChoose(choice)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
