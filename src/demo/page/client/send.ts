import type { Act, Outcome, Uploaded } from "../scene.ts";

/** Does something as somebody; what goes wrong on the way is an error like any other. */
export function send(act: Act): Promise<Outcome> {
  return post("/act", "application/json", JSON.stringify(act));
}

/** Uploads a file as somebody's own. */
export function upload(as: string, file: File): Promise<Uploaded> {
  const query = new URLSearchParams({ as, name: file.name });
  return post(`/upload?${query}`, "application/octet-stream", file);
}

/** Asks the page's server for JSON. */
export function read<T>(path: string): Promise<T | { readonly error: string }> {
  return ask(path, {});
}

function post<T>(path: string, type: string, body: BodyInit): Promise<T | { readonly error: string }> {
  return ask(path, { method: "POST", headers: { "content-type": type }, body });
}

async function ask<T>(path: string, request: RequestInit): Promise<T | { readonly error: string }> {
  try {
    const response = await fetch(path, request);
    if (!response.ok) return { error: await response.text() };
    return (await response.json()) as T;
  } catch {
    return { error: "The demo does not answer. Is it still running?" };
  }
}
