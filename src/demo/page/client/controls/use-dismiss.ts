import { type RefObject, useEffect } from "react";

/** Closes a menu when something else is clicked or focused, or with Escape, which then closes nothing more. */
export function useDismiss(menu: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const box = menu.current;
    if (box === null) return;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !box.contains(event.target)) box.open = false;
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
    box.addEventListener("keydown", leaveByKey);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      box.removeEventListener("keydown", leaveByKey);
    };
  }, [menu]);
}
