import { useState } from "react";
import type { Choice, SceneView } from "../scene.ts";
import { answersOf } from "./controls/choices.ts";
import { useSeen } from "./scene-context.ts";
import { send } from "./send.ts";
import type { Surface } from "./surface.ts";

interface ViewSurface {
  readonly surface: Surface;
  /** Why the last click did not reach the app. */
  readonly failure: string | undefined;
}

/** A modal or Home tab with what is entered in it, which stays as long as block and action keep their names. */
export function useViewSurface(
  view: SceneView | undefined,
  errors: Readonly<Record<string, string>> = {},
  channel?: string,
): ViewSurface {
  const { me, modals } = useSeen();
  const [typed, setTyped] = useState<Readonly<Record<string, Choice>>>({});
  const [failure, setFailure] = useState<string>();
  const id = view?.id ?? "";
  const answers = view === undefined ? {} : answersOf(view, typed, channel);
  const surface: Surface = {
    id,
    version: `${view?.hash} ${modals.length}`,
    channel,
    entered: {
      answers,
      errors,
      enter: (key, choice) => setTyped((before) => ({ ...before, [`${id}/${key}`]: choice })),
    },
    async click(block, action, choice) {
      const outcome = await send({
        act: "click",
        as: me,
        target: { view: id },
        block,
        action,
        choice,
        answers,
      });
      setFailure(outcome.error);
      return outcome;
    },
  };
  return { surface, failure };
}
