/**
 * Moves the labels of lines apart. Gives for each wanted position the nearest one at which neighbours are at least
 * `gap` apart and all lie between `top` and `bottom`; the order of the positions is kept, equal ones stay in the
 * order given. Where there is no room for all, they are spread evenly.
 */
export function spreadLabels(
  wanted: readonly number[],
  { gap, top, bottom }: { gap: number; top: number; bottom: number },
): number[] {
  if (wanted.length === 0) return [];
  const step = Math.min(gap, (bottom - top) / Math.max(1, wanted.length - 1));
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Labels that touch form a block around the mean of where its members want to be; blocks that touch are joined.
  const blocks: { first: number; size: number; sum: number }[] = [];
  const topOf = ({ size, sum }: { size: number; sum: number }) => {
    const start = sum / size;
    return Math.max(top, Math.min(start, bottom - (size - 1) * step));
  };
  order.forEach((index, rank) => {
    let block = { first: rank, size: 1, sum: wanted[index] ?? 0 };
    let above = blocks.at(-1);
    while (above !== undefined && topOf(above) + above.size * step > topOf(block)) {
      // A member's wish is told as the start of the block that would fulfil it.
      block = {
        first: above.first,
        size: above.size + block.size,
        sum: above.sum + block.sum - above.size * step * block.size,
      };
      blocks.pop();
      above = blocks.at(-1);
    }
    blocks.push(block);
  });
  const placed = new Array<number>(wanted.length).fill(0);
  for (const block of blocks) {
    const start = topOf(block);
    for (let offset = 0; offset < block.size; offset++) {
      placed[order[block.first + offset] ?? 0] = start + offset * step;
    }
  }
  return placed;
}
