import { type RefObject, useEffect, useRef } from "react";

/**
 * A dialog that is open as long as it is there. The browser keeps the focus in it; afterwards the focus goes back to
 * where it was, or, where that is gone, to the composer.
 */
export function useDialog(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const box = dialog.current;
    const before = document.activeElement;
    if (box && !box.open) box.showModal();
    return () => {
      box?.close();
      const isBack = before instanceof HTMLElement && before.isConnected && before !== document.body;
      (isBack ? before : document.querySelector<HTMLElement>("#composer"))?.focus();
    };
  }, []);
  return dialog;
}
