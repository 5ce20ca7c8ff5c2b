import { MongoClient } from "mongodb";
const sums = new Map<string, { n: number; ms: number }>();
const orig = MongoClient.prototype.connect;
MongoClient.prototype.connect = function (this: MongoClient) {
  const names = new Map<number, string>();
  (this as any).s.options.monitorCommands = true; 
  this.on("commandStarted", (e) => { names.set(e.requestId, `${e.commandName} ${e.command[e.commandName]}`); });
  this.on("commandSucceeded", (e) => { const k = names.get(e.requestId) ?? e.commandName; names.delete(e.requestId); const s = sums.get(k) ?? { n: 0, ms: 0 }; s.n++; s.ms += e.duration; sums.set(k, s); });
  return orig.call(this);
};
const { runCli } = await import("/work/main/src/terminal/run.ts");
const t = performance.now();
process.exitCode = await runCli(process.argv.slice(2));
console.error("total", Math.round(performance.now() - t));
for (const [k, s] of [...sums].sort((a, b) => b[1].ms - a[1].ms).slice(0, 14)) console.error(k.padEnd(40), s.n, Math.round(s.ms));
