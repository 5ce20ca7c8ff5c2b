import { type RefObject, useEffect } from "react";

/** Closes a menu when something else is clicked or focused, or with Escape, which then closes nothing more. */
export function useDismiss(menu: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const box = menu.current;
    if (box === null) return;
    const leave = (event: Event): void => {
      const { target } = event;
      // A press on a text in the menu gives the focus to the dialog that the menu is in.
      const isElsewhere = target instanceof Node && !box.contains(target) && !target.contains(box);
      if (isElsewhere) box.open = false;
    };
    const leaveByKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || !box.open) return;
      event.preventDefault();
      event.stopPropagation();
      box.open = false;
      box.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    document.addEventListener("keydown", leaveByKey, true);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      document.removeEventListener("keydown", leaveByKey, true);
    };
  }, [menu]);
}
