import { type CheckResult, severity } from '../shared/model/verdict.ts';

/** What was measured, and what its limit is the limit of; figures stand where `{measured}` and `{limit}` do. */
const SENTENCES: Readonly<Record<string, (figures: { measured: string; limit: string; unit: string }) => string>> = {
  displacement: ({ measured, limit, unit }) =>
    `A position lay ${measured} ${unit} from where the motion before and after it leads; a receiver may jump ${limit} ${unit} here.`,
  'speed-agreement': ({ measured, limit, unit }) =>
    `Over a few seconds the positions parted from the receiver's own speed by ${measured} ${unit}; up to ${limit} ${unit} is plausible.`,
  'frame-place': ({ measured, limit, unit }) =>
    `A picture's own position lies ${measured} ${unit} from the track at its time; up to ${limit} ${unit} is plausible.`,
  'learned-consistency': ({ measured, limit, unit }) =>
    `A trained net sees ${measured} ${unit} of evidence that positions, reported speed and motion sensor do not tell of one drive; honest drives stay below ${limit} ${unit}.`,
  'camera-still': ({ measured, limit, unit }) =>
    `While the track moved on, ${measured} ${unit} of what the camera sees changed from picture to picture; on a road it is ${limit} ${unit} or more.`,
  'camera-copies': ({ measured, limit, unit }) =>
    `${measured} ${unit} of the pictures show what another picture of this drive shows far away; up to ${limit} ${unit} is plausible.`,
  'camera-turn': ({ measured, limit, unit }) =>
    `Of what was turned, the pictures and the track tell ${measured} ${unit} differently; up to ${limit} ${unit} is plausible.`,
  'camera-gyro': ({ measured, limit, unit }) =>
    `Of what was turned, the pictures and the gyroscope tell ${measured} ${unit} differently; up to ${limit} ${unit} is plausible.`,
  'camera-ahead': ({ measured, limit, unit }) =>
    `Over ${measured} ${unit} of the way the pictures do not go the way the camera looks; up to ${limit} ${unit} is plausible.`,
  'camera-place': ({ measured, limit, unit }) =>
    `${measured} ${unit} of neighbouring pictures do not show one place; up to ${limit} ${unit} is plausible.`,
  stillness: ({ measured, limit, unit }) =>
    unit === 'rad/s'
      ? `At driving speed the motion sensor turned by no more than ${measured} ${unit}; in a moving vehicle it is ${limit} ${unit} or more.`
      : `At driving speed the motion sensor shook by no more than ${measured} ${unit}; in a moving vehicle it is ${limit} ${unit} or more.`,
};

/** One sentence in plain words about a check, with its value, limit and unit. */
export function explain(name: string, result: CheckResult): string {
  const figures = { measured: figure(result.measured), limit: figure(result.limit), unit: result.unit };
  const sentence = SENTENCES[name]?.(figures) ?? `The check "${name}" measured ${figures.measured} ${figures.unit}, with a limit of ${figures.limit} ${figures.unit}.`;
  return severity(result) > 1 ? `${sentence} That is beyond the limit.` : sentence;
}

/** Three significant digits, and whole numbers from 100 on. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
