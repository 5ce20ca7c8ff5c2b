import { useRef } from "react";
import type { Control } from "../blocks/block-types.ts";
import { useDismiss } from "./use-dismiss.ts";

interface OverflowMenuProps {
  readonly id: string;
  readonly element: Control;
  readonly isBusy: boolean;
  onChoose(value: string): void;
}

/** What else can be done, behind three dots. */
export function OverflowMenu({ id, element, isBusy, onChoose }: OverflowMenuProps) {
  const box = useRef<HTMLDetailsElement>(null);
  useDismiss(box);
  const choose = (value: string, url: string | undefined): void => {
    box.current?.removeAttribute("open");
    box.current?.querySelector("summary")?.focus();
    if (url) open(url, "_blank", "noreferrer");
    onChoose(value);
  };
  return (
    <details className="menu overflow" ref={box}>
      <summary id={id} aria-label="More actions" aria-busy={isBusy || undefined}>
        ⋯
      </summary>
      <div className="menu-items">
        {element.options?.map(({ value, text, url }) => (
          <button key={value} type="button" onClick={() => choose(value, url)}>
            {text.text}
          </button>
        ))}
      </div>
    </details>
  );
}
