import { Text } from "../blocks/text.tsx";
import { listOf } from "./choices.ts";
import { aria, type FieldProps } from "./field.tsx";

/** Radio buttons or checkboxes. */
export function ChoiceGroup(props: FieldProps) {
  const { id, element, choice, label, isLabelHidden, isOptional, onChoose } = props;
  const isMany = element.type === "checkboxes";
  const chosen = listOf(choice);
  const choose = (value: string): void => {
    if (!isMany) onChoose(value);
    else onChoose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  };
  return (
    <fieldset className="choices" {...aria(props)}>
      <legend className={isLabelHidden ? "hidden" : "label"}>
        {label}
        {isOptional && <span className="optional"> (optional)</span>}
      </legend>
      {element.options?.map(({ value, text, description }, index) => (
        <label key={value}>
          <input
            id={index === 0 ? id : undefined}
            type={isMany ? "checkbox" : "radio"}
            name={id}
            checked={chosen.includes(value)}
            onChange={() => choose(value)}
          />
          <span>
            <Text text={text} />
            {description && (
              <small>
                <Text text={description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
