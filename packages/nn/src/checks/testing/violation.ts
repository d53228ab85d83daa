/** A law that does not hold, in words. */

/** Thrown by a law where it does not hold. Never leaves the kit: `CellLawError` tells of it. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** What the likely mistake is, and where to look; found out only for the smallest case. */
  readonly cure: () => string;
  /** A table or the like, for those who read on; made only for the smallest case. */
  readonly detail: (() => string) | null;

  /** @param what differs, between what, where. */
  constructor(what: string, cure: string | (() => string), detail: (() => string) | null = null) {
    super(what);
    this.cure = typeof cure === 'string' ? () => cure : cure;
    this.detail = detail;
  }
}

/** A number as short as a message needs it. */
export const short = (x: number): string => String(Number(x.toPrecision(6)));
