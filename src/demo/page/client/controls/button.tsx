import type { Control } from "../blocks/block-types.ts";

interface ButtonProps {
  readonly element: Control;
  readonly isBusy: boolean;
  onPress(): void;
}

/** A button, or a link that the app is told of as well. Busy ones can be clicked again, as in Slack. */
export function Button({ element, isBusy, onPress }: ButtonProps) {
  const { text, style, url, accessibility_label: label } = element;
  const common = {
    className: `press ${style ?? "plain"}`,
    "aria-label": label,
    "aria-busy": isBusy || undefined,
    onClick: onPress,
  };
  if (url)
    return (
      <a {...common} href={url} target="_blank" rel="noreferrer">
        {text?.text}
      </a>
    );
  return (
    <button type="button" {...common}>
      {text?.text}
    </button>
  );
}
