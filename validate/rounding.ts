const DECIMALS = 1e6;
const TIME_DECIMALS = 1e3;

/** Scores and values get six decimals, once and here, so that the database, the receipt and the page show one figure. */
export function roundedScore(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}

/** Times get milliseconds. */
export function roundedTime(tS: number): number {
  return Math.round(tS * TIME_DECIMALS) / TIME_DECIMALS;
}
