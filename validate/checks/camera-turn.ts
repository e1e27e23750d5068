import type { Measurement } from '../../shared/model/verdict.ts';
import type { CameraRules } from '../../shared/model/validate-rules.ts';
import { trackTurn, type TurnBetween } from '../camera/course.ts';
import { lensOf, type MovedPair, sumsOf, turnPairs, turnSpans } from '../camera/turning.ts';
import type { Check, MeasureWindow } from './check.ts';

/**
 * Camera against position: where the track turns, the pictures turn, the same way and as far. Measured is by how
 * many degrees the two part, summed over the corners of a few minutes; foreign, mirrored and reversed pictures all do.
 * Which way the camera looks does not matter, since every part of a vehicle turns alike. A corner that the next picture
 * has left behind is not counted, so sparse pictures say nothing.
 */
export function cameraTurn(pairs: readonly MovedPair[]): Check {
  return {
    name: 'camera-turn',
    reason: 'camera_turns',
    vouches: false,
    channels: () => ['camera', 'position'],
    over: ({ track }, { camera }) => turningDiffers(pairs, trackTurn(track), camera),
  };
}

/** By how many degrees the camera and another witness part, in the window and its surroundings. */
export function turningDiffers(pairs: readonly MovedPair[], turnBetween: TurnBetween, rules: CameraRules): MeasureWindow {
  const spans = turnSpans(pairs);
  const turns = spans.length === 0 ? [] : turnPairs(spans, turnBetween, lensOf(spans, turnBetween));
  return ({ fromS, toS }): Measurement | null => {
    const around = turns.filter(({ atS }) => atS >= fromS - rules.contextS && atS < toS + rules.contextS);
    const { apartDeg, weight } = sumsOf(around);
    if (weight < rules.leastTurns) return null;
    const worst = around.reduce((a, b) => (b.weight * Math.abs(b.cameraDeg - b.otherDeg) > a.weight * Math.abs(a.cameraDeg - a.otherDeg) ? b : a));
    return { measured: apartDeg, limit: rules.turnDeg, unit: '°', bound: 'upper', atS: Math.min(toS, Math.max(fromS, worst.atS)) };
  };
}
