import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { secondsOf } from '../../shared/model/check-facts.ts';
import { explain } from '../../shared/model/explain.ts';

/** One check over a frame as the picture page lists it: no time, which would be the frame's second. */
export const Check = Type.Object({
  name: Type.String(),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  bound: Type.Enum(['upper', 'lower'], { description: 'On which side of the limit a frame may not lie' }),
  score: Type.Number(),
  claimed: Type.Optional(Type.Object({ value: Type.Number(), unit: Type.String() }, { description: 'What another witness says of the same seconds' })),
  seconds: Type.Optional(Type.Number({ description: 'How long it was measured, where that is not the whole window' })),
  sentence: Type.String({ description: 'The same in plain English' }),
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
      checks: Type.Record(Type.String(), Type.Object({ ...Type.Omit(Check, ['name', 'sentence', 'seconds']).properties, from_s: Type.Optional(Type.Number()), to_s: Type.Optional(Type.Number()) })),
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
    .map(([name, check]) => told(name, check))
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
}

function told(name: string, { measured, limit, unit, bound, score, claimed, from_s, to_s }: Printed['windows'][number]['checks'][string]): Check {
  const seconds = from_s === undefined || to_s === undefined ? null : secondsOf({ fromS: from_s, toS: to_s });
  const check = { measured, limit, unit, bound, score, ...(claimed === undefined ? {} : { claimed }), ...(seconds === null ? {} : { seconds }) };
  return { name, ...check, sentence: explain(name, check) };
}

export function receiptOf({ receipt }: Printed): Type.Static<typeof ReceiptAnswer> {
  return { recipe: receipt.recipe, provider: receipt.provider, inputSha256: receipt.input_sha256, modelSha256: receipt.model_sha256 };
}
