import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/embedded/index.ts";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../helpers/engine.ts";

const CONNECTIONS = 5;

/** Something between the store and its server, which can end every connection. */
async function openBetween(path: string) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    sockets.add(near);
    for (const each of [near, far]) each.on("error", () => {});
    near.pipe(far);
    far.pipe(near);
    near.on("close", () => {
      sockets.delete(near);
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    endAll() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.end();
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

it("hears that a connection is gone whenever that happens, and goes on", async () => {
  const embedded = await openEmbedded({ dataDir: await temporaryFolder() });
  const between = await openBetween(decodeURIComponent(new URL(embedded.uri).hostname));
  const store = await openStore(`mongodb://127.0.0.1:${between.port}/?directConnection=true`);
  onTestFinished(async () => {
    await store.close();
    between.close();
    await embedded.close();
  });
  const outcomes: Promise<string>[] = [];
  // What the store asks for at the moment at which a connection was ended by the other side and is not closed yet.
  const ask = (): void => {
    for (let i = 0; i < CONNECTIONS; i++) {
      const asked = store.leases.findOne({ _id: "x" });
      outcomes.push(
        asked.then(
          () => "done",
          () => "failed",
        ),
      );
    }
  };
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => {
      if (socket.remotePort !== between.port) return;
      socket.once("finish", () => process.nextTick(ask));
    });
  };
  subscribe("net.client.socket", onSocket);
  onTestFinished(() => void unsubscribe("net.client.socket", onSocket));

  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => store.leases.findOne({}).catch(() => null)));
    between.endAll();
    await sleep(50);
  }
  expect(outcomes.length).toBeGreaterThan(10);
  const all = await Promise.race([Promise.all(outcomes), sleep(12_000, "some never heard of it")]);
  expect(all).not.toBe("some never heard of it");
  expect(
    await store.leases.updateOne({ _id: "x" }, { $set: { owner: "me" } }, { upsert: true }),
  ).toBeTruthy();
});
