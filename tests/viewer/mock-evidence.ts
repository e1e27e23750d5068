import { makeRandom } from '../../fixtures/random.ts';
import { STILL_WINDOW } from './mock-drives.ts';

type Column = readonly (number | null)[];

/** The evidence of a drive of so many seconds: stops, a tunnel without satellites, a jump of 300 m, a pause of a minute. */
export function evidenceOf(startS: number, seconds: number, windows: readonly Record<string, unknown>[]): Record<string, unknown> {
  const random = makeRandom(11, 'evidence');
  const pauseAt = Math.floor(seconds * 0.7);
  const tS = Array.from({ length: seconds }, (_, n) => startS + n + (n > pauseAt ? 60 : 0));
  const noise = tS.map(() => random.uniform(-1, 1));
  const at = (value: (n: number) => number | null, decimals: number): Column => tS.map((_, n) => {
    const found = n === pauseAt ? null : value(n);
    return found === null ? null : Math.round(found * 10 ** decimals) / 10 ** decimals;
  });
  const inTunnel = (n: number): boolean => n > seconds * 0.42 && n < seconds * 0.48;
  return {
    tS,
    gnssSpeedMps: at((n) => (inTunnel(n) ? null : Math.max(0, speed(n) + noise[n]! * 0.5 + (n === 95 ? 61 : 0))), 2),
    reportedSpeedMps: at((n) => (inTunnel(n) ? null : speed(n)), 2),
    imuSpeedMps: null,
    gnssCourseDeg: at((n) => (inTunnel(n) || speed(n) < 2 ? null : (course(n) + noise[n]! * 3 + 360) % 360), 1),
    imuCourseDeg: at((n) => (course(n) + 6 * Math.sin(n / 40) + 360) % 360, 1),
    vibrationMps2: at((n) => (n >= 60 * STILL_WINDOW + 9 && n < 60 * STILL_WINDOW + 40 ? 0.02 : 0.02 + 0.09 * speed(n) * (1 + 0.6 * noise[n]!)), 3),
    latDeg: at((n) => (inTunnel(n) ? null : 48.2105 + 0.0022 * Math.sin(n / 90) + n * 4e-6), 6),
    lonDeg: at((n) => (inTunnel(n) ? null : 11.601 + n * 2e-5), 6),
    limits: { speedMps: 70, movingMps: 5, vibrationMps2: 0.06 },
    windows: windows.map(({ fromS, toS, verdict, reasons }) => ({ fromS, toS, verdict, reasons })),
  };
}

function speed(n: number): number {
  return Math.max(0, 11 + 8 * Math.sin(n / 60) + 4 * Math.sin(n / 17));
}

function course(n: number): number {
  return (80 + 120 * Math.sin(n / 90) + n / 4) % 360;
}
