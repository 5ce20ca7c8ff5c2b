import { useEffect, useRef } from "react";
import type { Choice } from "../../scene.ts";
import type { Control } from "../blocks/block-types.ts";

/** Milliseconds without a key until a date or a text that is being typed counts as chosen. */
const REST = 600;

interface Telling {
  changed(choice: Choice): void;
  /** Enter was pressed, or a menu with several choices was closed. */
  entered(): void;
}

/** Tells of a choice when it is one, as Slack does: a date is not chosen while its year is being typed. */
export function useTelling(element: Control, tell: (choice: Choice) => void): Telling {
  const untold = useRef<Choice>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = (): void => {
    clearTimeout(timer.current);
    const choice = untold.current;
    untold.current = undefined;
    if (choice !== undefined) tell(choice);
  };
  return {
    changed(choice) {
      untold.current = choice;
      clearTimeout(timer.current);
      const moment = momentOf(element);
      if (moment === "at once") now();
      else if (moment === "at rest") timer.current = setTimeout(now, REST);
    },
    entered: now,
  };
}

function momentOf({ type, dispatch_action_config: config }: Control): "at once" | "at rest" | "when entered" {
  if (type.startsWith("multi_")) return "when entered";
  if (type.endsWith("picker")) return "at rest";
  if (!type.endsWith("_input")) return "at once";
  return config?.trigger_actions_on?.includes("on_character_entered") ? "at rest" : "when entered";
}
