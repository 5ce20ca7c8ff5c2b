import { useEffect, useState } from "react";
import type { Scene } from "../scene.ts";

interface Seen {
  readonly scene: Scene | undefined;
  /** The demo has ended, or was not there. */
  readonly isLost: boolean;
}

/** What this person sees, always up to date. */
export function useScene(person: string): Seen {
  const [scene, setScene] = useState<Scene>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const source = new EventSource(`/scene?as=${encodeURIComponent(person)}`);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      setScene(JSON.parse(data) as Scene);
      setLost(false);
    };
    source.onerror = () => setLost(true);
    return () => source.close();
  }, [person]);
  return { scene: scene?.me === person ? scene : undefined, isLost };
}
