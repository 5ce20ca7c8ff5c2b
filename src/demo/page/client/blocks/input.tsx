import { Field } from "../controls/field.tsx";
import { useTelling } from "../controls/use-telling.ts";
import { useSurface } from "../surface.ts";
import { useBusy } from "../use-busy.ts";
import type { InputBlock } from "./block-types.ts";

/** An input with its label, its hint, and what the app has against what is in it. */
export function Input({ block }: { block: InputBlock }) {
  const { block_id, label, hint, element, optional = false, dispatch_action = false } = block;
  const { id: surface, version, entered, click } = useSurface();
  const [isBusy, begin] = useBusy(version);
  const telling = useTelling(element, (choice) => {
    if (!dispatch_action) return;
    begin();
    void click(block_id, element.action_id, choice);
  });
  const id = `${surface}-${block_id}`;
  const error = entered?.errors[block_id];
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const key = `${block_id}/${element.action_id}`;
  return (
    <div className="block-input">
      <Field
        id={id}
        element={element}
        label={label.text}
        isOptional={optional}
        isWrong={error !== undefined}
        notes={notes}
        choice={entered?.answers[key]}
        isBusy={isBusy}
        onChoose={(choice) => {
          entered?.enter(key, choice);
          telling.changed(choice);
        }}
        onEnter={telling.entered}
      />
      {error && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <small className="hint" id={`${id}-hint`}>
          {hint.text}
        </small>
      )}
    </div>
  );
}
