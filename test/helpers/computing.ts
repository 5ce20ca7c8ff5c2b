/** Milliseconds of computing that some work took in this thread: on a busy machine as many as on an idle one. */
export async function computing(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
