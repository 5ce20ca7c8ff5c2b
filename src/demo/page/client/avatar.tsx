import type { SceneUser } from "../scene.ts";

const colours = ["#0b6e4f", "#8a3ffc", "#9f1853", "#005d9e", "#a2410a", "#3d5a80"];

/** A person's initials on a colour of their own. */
export function Avatar({ user, small = false }: { user: SceneUser; small?: boolean }) {
  const name = user.realName.trim() || "?";
  const words = name.split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("");
  const sum = [...user.id].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  const style = user.kind === "person" ? { background: colours[sum % colours.length] } : {};
  return (
    <span className={`avatar ${user.kind}${small ? " small" : ""}`} style={style} aria-hidden="true">
      {user.kind === "app" ? <AppMark /> : initials}
    </span>
  );
}

function AppMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M7 23v-5M13 23V9M19 23v-8M25 23v-4" stroke="#fff" strokeWidth="3.4" strokeLinecap="round" />
    </svg>
  );
}
