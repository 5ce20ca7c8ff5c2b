import type { Choice } from "../../scene.ts";
import type { Control } from "../blocks/block-types.ts";
import { ChoiceGroup } from "./choice-group.tsx";
import { FileInput } from "./file-input.tsx";
import { MultiSelect } from "./multi-select.tsx";
import { Picker } from "./picker.tsx";
import { Select } from "./select.tsx";
import { TextInput } from "./text-input.tsx";

/** What every element that holds a value is given. */
export interface FieldProps {
  readonly id: string;
  readonly element: Control;
  /** Shown above an input, only spoken elsewhere. */
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly isOptional?: boolean;
  readonly isWrong?: boolean;
  readonly isBusy?: boolean;
  /** Ids of what describes the field. */
  readonly notes?: string;
  readonly choice: Choice | undefined;
  onChoose(choice: Choice): void;
  /** Enter was pressed, or a menu with several choices was closed. */
  onEnter?(): void;
}

const fields: Readonly<Record<string, (props: FieldProps) => React.ReactNode>> = {
  static_select: Select,
  users_select: Select,
  conversations_select: Select,
  channels_select: Select,
  multi_static_select: MultiSelect,
  multi_users_select: MultiSelect,
  multi_conversations_select: MultiSelect,
  multi_channels_select: MultiSelect,
  radio_buttons: ChoiceGroup,
  checkboxes: ChoiceGroup,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  file_input: FileInput,
};

/** An element that holds a value, as the browser's own control for it. */
export function Field(props: FieldProps) {
  const Kind = fields[props.element.type];
  if (Kind === undefined) return <p className="error">This page does not know a {props.element.type}.</p>;
  return <Kind {...props} />;
}

/** A label for one control. */
export function Label({ id, label, isLabelHidden, isOptional }: FieldProps) {
  return (
    <label htmlFor={id} className={isLabelHidden ? "hidden" : "label"}>
      {label}
      {isOptional && <span className="optional"> (optional)</span>}
    </label>
  );
}

/** What a control tells about itself besides its value. */
export function aria({ isWrong, notes, isBusy }: FieldProps) {
  return {
    "aria-invalid": isWrong ? true : undefined,
    "aria-describedby": notes || undefined,
    "aria-busy": isBusy || undefined,
  } as const;
}
