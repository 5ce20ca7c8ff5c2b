import { useRef, useState } from "react";
import type { Choice } from "../../scene.ts";
import type { Control } from "../blocks/block-types.ts";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { useSurface } from "../surface.ts";
import { useBusy } from "../use-busy.ts";
import { Button } from "./button.tsx";
import { initialChoice } from "./choices.ts";
import { Field } from "./field.tsx";
import { OverflowMenu } from "./overflow-menu.tsx";
import { useTelling } from "./use-telling.ts";

/** An element outside of inputs: the app is told of every click and choice, after a question where one is set. */
export function LiveControl(props: { block: string; element: Control; label?: string }) {
  const { block, element } = props;
  const { id: surface, version, click } = useSurface();
  const [isBusy, begin] = useBusy(version);
  const [picked, setPicked] = useState<Choice>();
  const [asked, setAsked] = useState<{ readonly choice?: Choice | undefined }>();
  const told = useRef<Choice>(undefined);
  const tell = (choice?: Choice): void => {
    begin();
    told.current = choice;
    void click(block, element.action_id, choice);
  };
  const act = (choice?: Choice): void => (element.confirm ? setAsked({ choice }) : tell(choice));
  const telling = useTelling(element, act);
  const id = `${surface}-${block}-${element.action_id}`;
  const label = element.accessibility_label ?? element.placeholder?.text ?? props.label ?? "Choose";
  return (
    <div className="control">
      {element.type === "button" ? (
        <Button element={element} isBusy={isBusy} onPress={() => act()} />
      ) : element.type === "overflow" ? (
        <OverflowMenu id={id} element={element} isBusy={isBusy} onChoose={act} />
      ) : (
        <Field
          id={id}
          element={element}
          label={label}
          isLabelHidden
          isBusy={isBusy}
          choice={picked ?? initialChoice(element)}
          onChoose={(choice) => {
            setPicked(choice);
            telling.changed(choice);
          }}
          onEnter={telling.entered}
        />
      )}
      {asked && element.confirm && (
        <ConfirmDialog
          confirm={element.confirm}
          onAnswer={(isConfirmed) => {
            setAsked(undefined);
            if (isConfirmed) tell(asked.choice);
            else setPicked(told.current);
          }}
        />
      )}
    </div>
  );
}
