import { useEffect, useId } from "react";
import type { Json, SceneView } from "../scene.ts";
import { BlockList } from "./blocks/block-list.tsx";
import { type Surface, SurfaceContext } from "./surface.ts";
import { useDialog } from "./use-dialog.ts";

interface ModalProps {
  readonly view: SceneView;
  readonly surface: Surface;
  /** How many modals lie on each other, this one included. */
  readonly depth: number;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
  onSubmit(form: HTMLFormElement): void;
  onClose(): void;
}

const words = (text: Json | undefined, otherwise: string): string => String(text?.text ?? otherwise);

/** A modal. Escape and its buttons close it; the app is told as Slack tells it. */
export function Modal({ view, surface, depth, isBusy, failure, onSubmit, onClose }: ModalProps) {
  const dialog = useDialog();
  const title = useId();
  const close = words(view.close, depth > 1 ? "Back" : view.submit ? "Cancel" : "Close");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its first control
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>("form :is(input, select, textarea, summary, button)")?.focus();
  }, [view.id, dialog]);
  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-labelledby={title}
      onCancel={(event) => {
        // A file picker that was closed tells so too, and is in here.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (view.submit) onSubmit(event.currentTarget);
        }}
      >
        <header>
          <h2 id={title}>{words(view.title, "")}</h2>
        </header>
        <div className="modal-body">
          {failure && <p role="alert">We had some trouble connecting. Try again? ({failure})</p>}
          <SurfaceContext value={surface}>
            <BlockList key={view.id} blocks={view.blocks} />
          </SurfaceContext>
        </div>
        <footer>
          <button type="button" className="press plain" onClick={onClose}>
            {close}
          </button>
          {view.submit && (
            <button type="submit" className="press primary" aria-busy={isBusy || undefined}>
              {words(view.submit, "Submit")}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
