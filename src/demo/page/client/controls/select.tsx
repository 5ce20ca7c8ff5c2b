import { useSeen } from "../scene-context.ts";
import { oneOf } from "./choices.ts";
import { aria, type FieldProps, Label } from "./field.tsx";
import { offersOf } from "./offers.ts";

/** A menu with one choice. */
export function Select(props: FieldProps) {
  const { id, element, choice, isOptional, onChoose } = props;
  const groups = offersOf(element, useSeen());
  const value = oneOf(choice);
  const options = (offered: (typeof groups)[number]["options"]) =>
    offered.map((option) => (
      <option key={option.value} value={option.value}>
        {option.text.text}
      </option>
    ));
  return (
    <>
      <Label {...props} />
      <select
        id={id}
        value={value}
        required={isOptional === false}
        onChange={({ target }) => onChoose(target.value)}
        {...aria(props)}
      >
        {/* Once something is chosen, only an optional input can be emptied again. */}
        <option value="" disabled={!isOptional} hidden={!isOptional && value !== ""}>
          {element.placeholder?.text ?? "Choose an option"}
        </option>
        {groups.map(({ label, options: offered }) =>
          label === "" ? (
            options(offered)
          ) : (
            <optgroup key={label} label={label}>
              {options(offered)}
            </optgroup>
          ),
        )}
      </select>
    </>
  );
}
