import { useEffect, useState } from "react";

/** Milliseconds after which nothing is expected any more. */
const PATIENCE = 4_000;

/** Whether the app is at work on what was clicked here; ends when `version` changes, or after a few seconds. */
export function useBusy(version: string): readonly [isBusy: boolean, begin: () => void] {
  const [since, setSince] = useState<string>();
  const isBusy = since === version;
  useEffect(() => {
    if (!isBusy) return;
    const timer = setTimeout(() => setSince(undefined), PATIENCE);
    return () => clearTimeout(timer);
  }, [isBusy]);
  return [isBusy, () => setSince(version)];
}
