import { oneOf } from "./choices.ts";
import { aria, type FieldProps, Label } from "./field.tsx";

const types: Readonly<Record<string, string>> = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
};

/** Something typed. */
export function TextInput(props: FieldProps) {
  const { id, element, choice, isOptional, onChoose, onEnter } = props;
  const common = {
    id,
    value: oneOf(choice),
    placeholder: element.placeholder?.text,
    required: isOptional === false,
    minLength: element.min_length,
    maxLength: element.max_length,
    autoComplete: "off",
    ...aria(props),
  };
  return (
    <>
      <Label {...props} />
      {element.multiline ? (
        <textarea rows={4} {...common} onChange={({ target }) => onChoose(target.value)} />
      ) : (
        <input
          type={types[element.type]}
          step={element.is_decimal_allowed ? "any" : undefined}
          min={element.min_value}
          max={element.max_value}
          {...common}
          onChange={({ target }) => onChoose(target.value)}
          onKeyDown={(event) => event.key === "Enter" && onEnter?.()}
        />
      )}
    </>
  );
}
