/** The outcome of work, or the error where it has none after so many milliseconds; the work itself goes on unheard. */
export async function within<T>(work: Promise<T>, milliseconds: number, late: Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
