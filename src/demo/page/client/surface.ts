import { createContext, use } from "react";
import type { Answers, Choice, Outcome } from "../scene.ts";

/** Where blocks stand (a message, a modal, the Home tab), and what can be done there. */
export interface Surface {
  /** Not used elsewhere on the page; elements' ids begin with it. */
  readonly id: string;
  /** Changes when the app has done something that is seen, which ends the waiting for it. */
  readonly version: string;
  /** The conversation that menus may begin with. */
  readonly channel?: string | undefined;
  click(block: string, action: string, choice?: Choice): Promise<Outcome>;
  /** What is entered in the input blocks, where there can be any. */
  readonly entered?: {
    readonly answers: Answers;
    enter(key: string, choice: Choice): void;
    /** What the app, or the browser, has against an input, by `block_id`. */
    readonly errors: Readonly<Record<string, string>>;
  };
}

export const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = use(SurfaceContext);
  if (surface === undefined) throw new Error("blocks stand on a surface");
  return surface;
}
