import { Type } from 'typebox';
import { Value } from 'typebox/value';

/** One check over a frame as the picture page lists it: no time, which would be the frame's second. */
export const Check = Type.Object({
  name: Type.String(),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  bound: Type.Enum(['upper', 'lower'], { description: 'On which side of the limit a frame may not lie' }),
  score: Type.Number(),
});
export type Check = Type.Static<typeof Check>;

export const ReceiptAnswer = Type.Object({
  recipe: Type.Integer(),
  provider: Type.String(),
  inputSha256: Type.String(),
  modelSha256: Type.Union([Type.String(), Type.Null()]),
});

const Printed = Type.Object({
  windows: Type.Array(
    Type.Object({
      from_s: Type.Number(),
      to_s: Type.Number(),
      score: Type.Number(),
      checks: Type.Record(Type.String(), Type.Omit(Check, ['name'])),
    }),
  ),
  receipt: Type.Object({
    recipe: Type.Integer(),
    provider: Type.String(),
    input_sha256: Type.String(),
    model_sha256: Type.Union([Type.String(), Type.Null()]),
  }),
});
/** The part of a printed judgement (specs/drive-folder.md) that explains a frame. */
export type Printed = Type.Static<typeof Printed>;

/** Reads a judgement as it was printed; throws where it has another form, which only a broken machine can cause. */
export function parsePrinted(text: string): Printed {
  return Value.Parse(Printed, JSON.parse(text));
}

/** The checks of the worst window over that moment, the strongest first; none where no window reaches it. */
export function checksAt({ windows }: Printed, tS: number): readonly Check[] {
  const worst = windows
    .filter(({ from_s, to_s }) => from_s <= tS && tS < to_s)
    .reduce<Printed['windows'][number] | null>((sofar, window) => (sofar === null || window.score > sofar.score ? window : sofar), null);
  return Object.entries(worst?.checks ?? {})
    .map(([name, { measured, limit, unit, bound, score }]) => ({ name, measured, limit, unit, bound, score }))
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
}

export function receiptOf({ receipt }: Printed): Type.Static<typeof ReceiptAnswer> {
  return { recipe: receipt.recipe, provider: receipt.provider, inputSha256: receipt.input_sha256, modelSha256: receipt.model_sha256 };
}
