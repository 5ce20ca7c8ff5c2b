import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { AppError } from "../errors.ts";

/** Where the store of a data folder is. */
export interface Location {
  /** For this user alone: the database and the lock. */
  readonly folder: string;
  /** Ends in `.sock`: by that the driver knows that it is not the name of a host. */
  readonly socket: string;
}

/** Unix allows 104 (macOS) or 108 (Linux) bytes with the closing zero. */
const maxSocketPath = 100;

/** Makes a folder that nobody else can enter; throws where it is somebody else's, or no folder. */
function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || (uid >= 0 && stats.uid !== uid)) {
    const message = `${folder} belongs to another user, so the store cannot be kept there`;
    throw new AppError(message, { userMessage: message });
  }
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** Finds, and makes where they are missing, the private folders of the store in `dataDir`. */
export function locateStore(dataDir: string): Location {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const folder = ownFolder(join(realpathSync(dataDir), "store"));
  const socket = join(folder, "store.sock");
  if (Buffer.byteLength(socket) <= maxSocketPath) return { folder, socket };
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const base = process.env.XDG_RUNTIME_DIR ?? tmpdir();
  return { folder, socket: join(ownFolder(join(base, `vault-usage-${name}`)), "store.sock") };
}
