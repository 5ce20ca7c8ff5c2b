import type { Answers } from "../scene.ts";
import type { Block } from "./blocks/block-types.ts";
import { isEmpty } from "./controls/choices.ts";

/** What Slack's client itself has against a form, by `block_id`; what a text has to be, the browser says. */
export function faultsIn(
  form: HTMLFormElement,
  view: string,
  blocks: readonly Block[],
  answers: Answers,
): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const { block_id: id, element, optional } = block;
    const control = form.querySelector<HTMLInputElement>(`#${CSS.escape(`${view}-${id}`)}`);
    if (control?.validity?.customError) faults[id] = control.validationMessage;
    else if (
      optional !== true &&
      isEmpty(answers[`${id}/${element.action_id}`]) &&
      !control?.validity?.badInput
    )
      faults[id] = "Please complete this required field.";
    else if (control?.validationMessage) faults[id] = control.validationMessage;
  }
  return faults;
}
