import type { UnixSeconds } from '../../shared/model/drive.ts';
import type { LatLon } from '../../shared/model/geo.ts';

const RAD = Math.PI / 180;
const J2000_S = 946_728_000;
const DAY_S = 86_400;
const CENTURY_DAYS = 36_525;

/**
 * Height of the sun's centre above the horizon in degrees, without refraction: NOAA's low-precision solar equations
 * (gml.noaa.gov/grad/solcalc/calcdetails.html, after Meeus, Astronomical Algorithms, 1991), within 0.1° from 1900 to 2100.
 */
export function sunElevationDeg({ latDeg, lonDeg }: LatLon, atS: UnixSeconds): number {
  const days = (atS - J2000_S) / DAY_S;
  const t = days / CENTURY_DAYS;
  const meanLongitude = (280.46646 + t * (36_000.76983 + t * 0.0003032)) % 360;
  const anomaly = (357.52911 + t * (35_999.05029 - 0.0001537 * t)) * RAD;
  const centre = Math.sin(anomaly) * (1.914602 - t * 0.004817) + Math.sin(2 * anomaly) * 0.019993 + Math.sin(3 * anomaly) * 0.000289;
  const node = (125.04 - 1934.136 * t) * RAD;
  const longitude = (meanLongitude + centre - 0.00569 - 0.00478 * Math.sin(node)) * RAD;
  const obliquity = (23.43929 - 0.013004 * t + 0.00256 * Math.cos(node)) * RAD;
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude));
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude));
  const siderealDeg = 280.46061837 + 360.98564736629 * days;
  const hourAngle = (siderealDeg + lonDeg) * RAD - rightAscension;
  return Math.asin(Math.sin(latDeg * RAD) * Math.sin(declination) + Math.cos(latDeg * RAD) * Math.cos(declination) * Math.cos(hourAngle)) / RAD;
}
