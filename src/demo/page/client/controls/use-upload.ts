import { useState } from "react";
import { useSeen } from "../scene-context.ts";
import { upload } from "../send.ts";

interface Upload {
  /** What is on its way, in words; empty when nothing is. */
  readonly progress: string;
  /** Uploads files as the person in front of the page, one after the other; gives the ids up to the first failure. */
  start(files: readonly File[]): Promise<{ readonly ids: readonly string[]; readonly error?: string }>;
}

/** Uploads what was chosen. */
export function useUpload(): Upload {
  const { me } = useSeen();
  const [progress, setProgress] = useState("");
  return {
    progress,
    async start(files) {
      const ids: string[] = [];
      try {
        for (const file of files) {
          setProgress(`Uploading ${file.name} …`);
          const outcome = await upload(me, file);
          if ("error" in outcome) return { ids, error: outcome.error };
          ids.push(outcome.id);
        }
        return { ids };
      } finally {
        setProgress("");
      }
    },
  };
}
