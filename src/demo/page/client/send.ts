import type { Act, Outcome } from "../scene.ts";

/** Does something as somebody; what goes wrong on the way is an error like any other. */
export async function send(act: Act): Promise<Outcome> {
  try {
    const response = await fetch("/act", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(act),
    });
    if (!response.ok) return { error: await response.text() };
    return (await response.json()) as Outcome;
  } catch {
    return { error: "The demo does not answer. Is it still running?" };
  }
}
