import { createContext, use } from "react";
import type { Scene, SceneUser } from "../scene.ts";

export const SceneContext = createContext<Scene | undefined>(undefined);

/** What the person in front of the page sees. */
export function useSeen(): Scene {
  const scene = use(SceneContext);
  if (scene === undefined) throw new Error("there is no scene yet");
  return scene;
}

/** Somebody by id; for an id that nobody has, the id. */
export function userOf({ users }: Pick<Scene, "users">, id: string): SceneUser {
  const nobody = { id, name: id, realName: id, kind: "person", role: "", isDeleted: true } as const;
  return users.find((user) => user.id === id) ?? nobody;
}
