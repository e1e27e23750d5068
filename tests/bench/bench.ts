/** What a bench measured. All figures are of one run on one machine; only `ratio` can be compared between machines. */
export interface Bench {
  readonly figures: Readonly<Record<string, number>>;
  /** Ours over the floor (or peer) of the same run: 1 is as fast as it, more is better. */
  readonly ratio: number;
  /** What the figures were measured on, where that is a choice: the provider that served, the card. */
  readonly on?: Readonly<Record<string, string>>;
}

/** Three significant digits: more would be noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The middle of several runs of the work, seconds, after one to warm up. */
export async function medianSeconds(rounds: number, work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const begun = performance.now();
    await work();
    if (round > 0) times.push((performance.now() - begun) / 1000);
  }
  return times.toSorted((a, b) => a - b)[rounds >> 1]!;
}
