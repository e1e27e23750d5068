/** A chi-squared sum as a standard normal (Wilson and Hilferty 1931): the same scale for every number of degrees of freedom. */
export function wilsonHilferty(squares: number, freedom: number): number {
  if (freedom <= 0) return 0;
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(Math.max(0, squares) / freedom) - (1 - variance)) / Math.sqrt(variance);
}
