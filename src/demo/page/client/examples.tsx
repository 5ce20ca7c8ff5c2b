import { useSeen } from "./scene-context.ts";

/** What to do where nothing has been said yet. */
export function Examples({ place, onPick }: { place: string; onPick(line: string): void }) {
  const { examples } = useSeen();
  return (
    <div className="empty">
      <h2>Nothing has been said in {place} yet</h2>
      <p>Type a command below, or take one of these:</p>
      <ul className="examples">
        {examples.map((line) => (
          <li key={line}>
            <button
              type="button"
              className="press plain"
              onClick={() => {
                onPick(line);
                document.getElementById("composer")?.focus();
              }}
            >
              {line}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
