import { isDeepStrictEqual } from "node:util";
import { SlackError } from "./errors.ts";
import { fileTypeOf } from "./file-types.ts";
import { newId, newSecret } from "./ids.ts";
import type { Change, Json, StoredFile } from "./types.ts";

/** The app's uploads in their three steps, people's at once, and what came of them. */
export interface FileStore {
  /** Step one: gives the file and the secret of its one-time upload address. */
  begin(file: Pick<StoredFile, "name" | "length" | "altText">): { file: StoredFile; ticket: string };
  /** Step two; gives a reason if the bytes are refused. A ticket works once. */
  receive(ticket: string, bytes: Buffer): "ok" | "unknown_ticket" | "length_mismatch";
  /** Step three. Throws `file_not_found` for a file without bytes and `file_update_failed` for one that is done. */
  complete(id: string, changes: { title?: string; channels?: readonly string[] }): StoredFile;
  /** A person's file, which is whole from the beginning. */
  add(file: { readonly name: string; readonly owner: string; readonly bytes: Buffer }): StoredFile;
  find(id: string): StoredFile | undefined;
  all(): readonly StoredFile[];
  remove(id: string): void;
  isReady(file: StoredFile): boolean;
  /** Whether an image block may show it: by id, or by its `url_private` or permalink. */
  isUsableImage(reference: Json): boolean;
  setDelay(milliseconds: number): void;
}

export function createFiles(options: {
  readonly now: () => number;
  readonly delay: number;
  readonly maxBytes: number;
  readonly urlOf: (id: string, name: string) => string;
  readonly changed: (change: Change) => void;
}): FileStore {
  const files = new Map<string, StoredFile>();
  const tickets = new Map<string, string>();
  let { delay } = options;
  const put = (file: StoredFile): StoredFile => {
    files.set(file.id, file);
    options.changed({ kind: "file", id: file.id });
    return file;
  };
  const forgetOldest = (): void => {
    let bytes = files.values().reduce((sum, file) => sum + (file.bytes?.length ?? 0), 0);
    for (const [id, file] of files) {
      if (bytes <= options.maxBytes && files.size <= 1000) return;
      bytes -= file.bytes?.length ?? 0;
      files.delete(id);
    }
  };
  const isReady = (file: StoredFile): boolean => file.readyAt !== undefined && file.readyAt <= options.now();
  const byUrl = (url: string): StoredFile | undefined =>
    files.values().find((file) => options.urlOf(file.id, file.name) === url);
  return {
    begin(draft) {
      const file: StoredFile = { ...draft, id: newId("F"), title: draft.name, channels: [] };
      const ticket = newSecret();
      tickets.set(ticket, file.id);
      if (tickets.size > 1000) tickets.delete(tickets.keys().next().value ?? "");
      return { file: put(file), ticket };
    },
    receive(ticket, bytes) {
      const file = files.get(tickets.get(ticket) ?? "");
      tickets.delete(ticket);
      if (file === undefined) return "unknown_ticket";
      if (bytes.length !== file.length) return "length_mismatch";
      put({ ...file, bytes });
      forgetOldest();
      return "ok";
    },
    complete(id, { title, channels = [] }) {
      const file = files.get(id);
      if (file?.bytes === undefined) throw new SlackError("file_not_found");
      if (file.completedAt !== undefined) throw new SlackError("file_update_failed");
      const completedAt = options.now();
      return put({ ...file, title: title ?? file.name, channels, completedAt, readyAt: completedAt + delay });
    },
    add({ name, owner, bytes }) {
      const completedAt = options.now();
      const times = { completedAt, readyAt: completedAt + delay };
      const id = newId("F");
      const file = put({ id, name, title: name, owner, length: bytes.length, bytes, channels: [], ...times });
      forgetOldest();
      return file;
    },
    find: (id) => files.get(id),
    all: () => [...files.values()],
    remove(id) {
      if (!files.delete(id)) throw new SlackError("file_not_found");
      options.changed({ kind: "file", id });
    },
    isReady,
    isUsableImage(reference) {
      const { id, url } = reference;
      if (!isDeepStrictEqual(Object.keys(reference), [typeof id === "string" ? "id" : "url"])) return false;
      const file = typeof id === "string" ? files.get(id) : typeof url === "string" ? byUrl(url) : undefined;
      if (file?.bytes === undefined || !isReady(file)) return false;
      return fileTypeOf(file.name, file.bytes).image === true;
    },
    setDelay(milliseconds) {
      delay = milliseconds;
    },
  };
}
