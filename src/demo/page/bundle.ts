import { fileURLToPath } from "node:url";

/** A file of the page, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  ttf: "font/ttf",
};

let bundled: Promise<ReadonlyMap<string, Asset>> | undefined;

/** The client's files by their path; the page itself is `/`. They are bundled once, in about a second. */
export function bundleClient(): Promise<ReadonlyMap<string, Asset>> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<ReadonlyMap<string, Asset>> {
  const { build } = await import("vite");
  const built = await build({
    root: fileURLToPath(new URL("client/", import.meta.url)),
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: "error",
    mode: "production",
    // Whatever the environment of this process says.
    define: { "process.env.NODE_ENV": '"production"' },
    oxc: { jsx: { runtime: "automatic", development: false } },
    // Fonts stay files: in the style sheet the browser would need them before it shows anything.
    build: { write: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 4_000 },
  });
  if ("on" in built) throw new Error("watching was not asked for");
  const files = [built].flat().flatMap(({ output }) => output);
  return new Map(
    files.map((file) => {
      const path = file.fileName === "index.html" ? "/" : `/${file.fileName}`;
      const type = types[file.fileName.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return [path, { type, body: file.type === "chunk" ? file.code : file.source }];
    }),
  );
}
