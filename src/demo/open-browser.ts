/** Opens a page in the person's browser, where there is one; that there is none is no error. */
export async function openInBrowser(url: string): Promise<void> {
  if (!process.stdout.isTTY) return;
  try {
    const { default: open } = await import("open");
    const child = await open(url);
    child.on("error", () => undefined);
  } catch {
    // The address was printed.
  }
}
