import { useId } from "react";
import type { Confirm } from "./blocks/block-types.ts";
import { Text } from "./blocks/text.tsx";
import { useDialog } from "./use-dialog.ts";

/** Asks before the app is told. */
export function ConfirmDialog(props: { confirm: Confirm; onAnswer(isConfirmed: boolean): void }) {
  const { confirm, onAnswer } = props;
  const dialog = useDialog();
  const title = useId();
  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <article>
        <h2 id={title}>{confirm.title.text}</h2>
        <Text text={confirm.text} />
        <footer>
          <button type="button" className="press plain" onClick={() => onAnswer(false)}>
            {confirm.deny.text}
          </button>
          <button
            type="button"
            className={`press ${confirm.style === "danger" ? "danger" : "primary"}`}
            onClick={() => onAnswer(true)}
          >
            {confirm.confirm.text}
          </button>
        </footer>
      </article>
    </dialog>
  );
}
