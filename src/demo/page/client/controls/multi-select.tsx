import { useRef } from "react";
import type { Option } from "../blocks/block-types.ts";
import { useSeen } from "../scene-context.ts";
import { listOf } from "./choices.ts";
import { aria, type FieldProps } from "./field.tsx";
import { offersOf } from "./offers.ts";
import { useDismiss } from "./use-dismiss.ts";

/** A menu with several choices. What is told to the app is told when the menu closes, as by Slack. */
export function MultiSelect(props: FieldProps) {
  const { id, element, choice, label, isLabelHidden, isOptional, onChoose, onEnter } = props;
  const box = useRef<HTMLDetailsElement>(null);
  useDismiss(box);
  const groups = offersOf(element, useSeen());
  const chosen = listOf(choice);
  const isFull = chosen.length >= (element.max_selected_items ?? Number.POSITIVE_INFINITY);
  const names = groups
    .flatMap(({ options }) => options)
    .filter(({ value }) => chosen.includes(value))
    .map(({ text }) => text.text);
  const toggle = ({ value }: Option): void =>
    onChoose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  const placeholder = element.placeholder?.text ?? "Choose some";
  return (
    <fieldset className="multi" {...aria(props)}>
      <legend className={isLabelHidden ? "hidden" : "label"}>
        {label}
        {isOptional && <span className="optional"> (optional)</span>}
      </legend>
      <details className="menu" ref={box} onToggle={(event) => !event.currentTarget.open && onEnter?.()}>
        <summary id={id}>{names.length > 0 ? names.join(", ") : placeholder}</summary>
        <div className="menu-items">
          {groups.map((group) => (
            <div key={group.label}>
              {group.label && <p className="group">{group.label}</p>}
              {group.options.map((option) => (
                <label key={option.value}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(option.value)}
                    disabled={isFull && !chosen.includes(option.value)}
                    onChange={() => toggle(option)}
                  />
                  <span>{option.text.text}</span>
                </label>
              ))}
            </div>
          ))}
        </div>
      </details>
    </fieldset>
  );
}
