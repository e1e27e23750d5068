import { Type } from 'typebox';
import { Value } from 'typebox/value';

/** One check over a frame as the picture page lists it: no time, which would be the frame's second. */
export const Check = Type.Object({
  name: Type.String(),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  score: Type.Number(),
});
export type Check = Type.Static<typeof Check>;

export const ReceiptAnswer = Type.Object({
  recipe: Type.Integer(),
  provider: Type.String(),
  inputSha256: Type.String(),
  modelSha256: Type.Union([Type.String(), Type.Null()]),
});

const Judgement = Type.Object({
  windows: Type.Array(
    Type.Object({
      fromS: Type.Number(),
      toS: Type.Number(),
      score: Type.Number(),
      checks: Type.Record(Type.String(), Type.Object({ score: Type.Number(), measured: Type.Number(), limit: Type.Number(), unit: Type.String() })),
    }),
  ),
  receipt: ReceiptAnswer,
});
/** The part of a judgement (shared/model/verdict.ts, DriveVerdict) that explains a frame. */
export type Judgement = Type.Static<typeof Judgement>;

/** Reads a judgement as it was printed; throws where it has another form, which only a broken machine can cause. */
export function parseJudgement(text: string): Judgement {
  return Value.Parse(Judgement, JSON.parse(text));
}

/** The checks of the worst window over that moment, the strongest first; none where no window reaches it. */
export function checksAt({ windows }: Judgement, tS: number): readonly Check[] {
  const worst = windows
    .filter(({ fromS, toS }) => fromS <= tS && tS < toS)
    .reduce<Judgement['windows'][number] | null>((sofar, window) => (sofar === null || window.score > sofar.score ? window : sofar), null);
  return Object.entries(worst?.checks ?? {})
    .map(([name, { measured, limit, unit, score }]) => ({ name, measured, limit, unit, score }))
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
}
