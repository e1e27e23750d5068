import type { Column } from '../shared/model/evidence.ts';

const TURN = 360;

/** Angles as one line without jumps at north: each a whole number of turns from what was measured, nearest to the one before. */
export function unwrapped(degrees: Column): Column {
  let last: number | null = null;
  return degrees.map((value) => {
    if (value === null) return null;
    last = last === null ? value : nearestTurn(value, last);
    return last;
  });
}

/** The same beside a line that is unwrapped already: nearest to it where it is known, else to the angle before. */
export function unwrappedBeside(degrees: Column, line: Column): Column {
  let last: number | null = null;
  return degrees.map((value, row) => {
    if (value === null) return null;
    const beside = line[row] ?? last;
    last = beside === null ? value : nearestTurn(value, beside);
    return last;
  });
}

function nearestTurn(value: number, to: number): number {
  return value + TURN * Math.round((to - value) / TURN);
}
