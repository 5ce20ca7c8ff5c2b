import { once } from "node:events";
import { MongoBackend } from "@agendajs/mongo-backend";
import { Agenda } from "agenda";
import type { Db } from "mongodb";

/** An Agenda whose jobs are kept in a collection, ready to be used; its jobs go when they are done. */
export async function openAgenda(
  db: Db,
  collection: string,
  {
    onStumble,
    ...options
  }: {
    /** Milliseconds between looks, and until a job whose process ended is taken up anew. */
    readonly processEvery: number;
    readonly defaultLockLifetime: number;
    readonly maxConcurrency?: number;
    readonly removeOnComplete?: boolean;
    /** Told of faults of the look-out itself; without it they would end the process. */
    readonly onStumble: (error: unknown) => void;
  },
): Promise<Agenda> {
  const agenda = new Agenda({ backend: new MongoBackend({ mongo: db, collection }), ...options });
  agenda.on("error", onStumble);
  await once(agenda, "ready");
  return agenda;
}
