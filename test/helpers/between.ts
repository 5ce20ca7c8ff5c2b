import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { openEmbedded } from "../../src/embedded/index.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { temporaryFolder } from "./engine.ts";

/** What stands between a store and its server. */
export interface Between {
  readonly port: number;
  /** The other side ends every connection. */
  endAll(): void;
  /** Asked for each piece that the store sends: whether it is to be lost, and its connection with it. */
  loses: (piece: Buffer) => boolean;
}

/** A store of its own whose connections can be broken. */
export async function openBetween(): Promise<{ readonly store: Store; readonly between: Between }> {
  const embedded = await openEmbedded({ dataDir: await temporaryFolder() });
  const path = decodeURIComponent(new URL(embedded.uri).hostname);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    sockets.add(near);
    for (const each of [near, far]) each.on("error", () => {});
    near.on("data", (piece: Buffer) => {
      if (between.loses(piece)) near.resetAndDestroy();
      else far.write(piece);
    });
    near.on("end", () => far.end());
    far.pipe(near);
    near.on("close", () => {
      sockets.delete(near);
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const between: Between = {
    port: (server.address() as AddressInfo).port,
    endAll() {
      for (const socket of sockets) socket.end();
    },
    loses: () => false,
  };
  const store = await openStore(`mongodb://127.0.0.1:${between.port}/?directConnection=true`);
  onTestFinished(async () => {
    await store.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await embedded.close();
  });
  return { store, between };
}
