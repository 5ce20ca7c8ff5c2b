import type { Choice } from "../../scene.ts";
import { oneOf } from "./choices.ts";
import { aria, type FieldProps, Label } from "./field.tsx";

const types: Readonly<Record<string, string>> = {
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

/** A day, a time, or both. */
export function Picker(props: FieldProps) {
  const { id, element, choice, isOptional, onChoose } = props;
  const isInstant = element.type === "datetimepicker";
  const value = isInstant ? localOf(choice) : oneOf(choice);
  return (
    <>
      <Label {...props} />
      <input
        id={id}
        type={types[element.type]}
        value={value}
        required={isOptional === false}
        onChange={({ target }) => onChoose(isInstant ? secondsOf(target.value) : target.value)}
        {...aria(props)}
      />
    </>
  );
}

/** Seconds since the epoch as the browser writes a local time, and back. */
function localOf(choice: Choice | undefined): string {
  const seconds = oneOf(choice);
  if (seconds === "") return "";
  const date = new Date(Number(seconds) * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function secondsOf(local: string): string {
  return local === "" ? "" : String(new Date(local).getTime() / 1000);
}
