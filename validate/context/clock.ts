import { UNIX_SECONDS } from '../../shared/model/check-facts.ts';
import { type Drive, GREY_WIDTH, type UnixSeconds } from '../../shared/model/drive.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import { type ContextFinding, joined, moment } from './finding.ts';
import { sunElevationDeg } from './sun.ts';

/** GPS was declared fully operational on 1995-04-27 (US Air Force Space Command): no drive was recorded before. */
const FIRST_RECEIVERS_S = 798_940_800;

/** Times that cannot be: after the server closed the drive, or before there were receivers. */
export function impossibleClock(drive: Drive, closedAtS: UnixSeconds | null, { clockAheadS }: ContextRules): readonly ContextFinding[] {
  const times = [...drive.gnss.map(({ tS }) => tS), ...drive.frames.map(({ capturedAt }) => capturedAt)];
  if (times.length === 0) return [];
  const first = times.reduce((a, b) => Math.min(a, b), Infinity);
  const last = times.reduce((a, b) => Math.max(a, b), -Infinity);
  const base = { reason: 'clock_impossible', channels: ['clock'], isCertain: false } as const;
  return [
    ...(closedAtS === null ? [] : [{
      ...base, check: 'clock-ahead' as const, unit: 's', measured: last - closedAtS, limit: clockAheadS, bound: 'upper' as const,
      spans: last - closedAtS > clockAheadS ? [{ fromS: Math.max(first, closedAtS), toS: last }] : [],
    }]),
    ...(first >= FIRST_RECEIVERS_S ? [] : [{
      ...base, check: 'clock-behind' as const, unit: UNIX_SECONDS, measured: first, limit: FIRST_RECEIVERS_S, bound: 'lower' as const,
      spans: [{ fromS: first, toS: Math.min(last, FIRST_RECEIVERS_S) }],
    }]),
  ];
}

/** Rows of a picture that show the sky, where any do: the upper quarter of its grey levels. */
const SKY_ROWS = 9;

interface Lit {
  readonly atS: UnixSeconds;
  readonly sunDeg: number;
  /** 0 black, 255 white. */
  readonly skyGrey: number;
}

/**
 * Daylight under a sun that is far below the horizon, or night under one that stands high. By night the sky is the
 * darkest of a street, by day the brightest, whatever the exposure; trees, tunnels and floodlights change single
 * pictures, so most of them must agree.
 */
export function light(drive: Drive, rules: ContextRules): readonly ContextFinding[] {
  const lit = drive.frames.flatMap((frame): readonly Lit[] =>
    frame.grey === undefined || frame.timeSource === 'asserted' ? [] : [{ atS: frame.capturedAt, sunDeg: sunElevationDeg(frame, frame.capturedAt), skyGrey: skyOf(frame.grey) }]);
  const base = { reason: 'light_differs', unit: 'grey', channels: ['camera', 'clock'], isCertain: false } as const;
  const found = (check: 'light-at-night' | 'dark-by-day', bound: 'upper' | 'lower', { of, share, limit }: { readonly of: readonly Lit[]; readonly share: number; readonly limit: number }): readonly ContextFinding[] => {
    if (of.length < rules.fewestLit) return [];
    const measured = quantile(of.map(({ skyGrey }) => skyGrey), share);
    const isBeyond = bound === 'upper' ? measured > limit : measured < limit;
    return [{ ...base, check, measured, limit, bound, spans: isBeyond ? joined(of.map(({ atS }) => moment(atS))) : [] }];
  };
  return [
    ...found('light-at-night', 'upper', { of: lit.filter(({ sunDeg }) => sunDeg < rules.nightSunDeg), share: 0.5, limit: rules.nightSkyGrey }),
    ...found('dark-by-day', 'lower', { of: lit.filter(({ sunDeg }) => sunDeg > rules.daySunDeg), share: 0.9, limit: rules.daySkyGrey }),
  ];
}

function skyOf(grey: Uint8Array): number {
  return grey.subarray(0, SKY_ROWS * GREY_WIDTH).reduce((sum, value) => sum + value, 0) / (SKY_ROWS * GREY_WIDTH);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}
