/** Moves overlapping labels apart. */

/**
 * Positions close to the wanted ones, at least `gap` apart and within a range, in the wanted order.
 * Labels that touch form a block at the mean of their wanted positions; blocks that touch are
 * merged.
 * @param range the least and the greatest position
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  [least, greatest]: readonly [number, number],
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const blocks: { members: number[]; start: number }[] = [];
  const place = (members: number[]): number => {
    const mean = members.reduce((sum, member, k) => sum + wanted[member]! - k * gap, 0) / members.length;
    return Math.max(least, Math.min(mean, greatest - (members.length - 1) * gap));
  };
  for (const i of order) {
    blocks.push({ members: [i], start: place([i]) });
    while (blocks.length > 1) {
      const [before, last] = blocks.slice(-2) as [(typeof blocks)[number], (typeof blocks)[number]];
      if (before.start + before.members.length * gap <= last.start) break;
      const members = [...before.members, ...last.members];
      blocks.splice(-2, 2, { members, start: place(members) });
    }
  }
  const places = new Array<number>(wanted.length).fill(0);
  for (const { members, start } of blocks) {
    members.forEach((member, k) => {
      places[member] = start + k * gap;
    });
  }
  return places;
}
