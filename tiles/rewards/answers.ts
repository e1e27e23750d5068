import { type Static, Type } from 'typebox';

const Units = Type.String({ pattern: '^[0-9]{1,20}$', description: 'Whole units' });
const Hex256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const PurseName = Type.Union([Type.Literal('coverage'), Type.Literal('review'), Type.Literal('nodes')]);

const ExportPurse = Type.Object({
  purse: PurseName,
  percent: Type.Integer({ minimum: 0, maximum: 100 }),
  emitted: Units,
  carriedIn: Units,
  paid: Units,
  carriedOut: Units,
  weight: Type.String({ pattern: '^[0-9]{1,30}$', description: 'What all shares earned, in micro-points for coverage' }),
});

const ExportShare = Type.Object({
  purse: PurseName,
  pseudonym: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of an account, in this epoch only' }),
  weight: Type.String({ pattern: '^[0-9]{1,30}$' }),
  amount: Units,
  lines: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { description: 'A salted commitment for each frame that was paid, ascending' }),
});

/** A closed epoch as anybody may read and recompute it. */
export const EpochExport = Type.Object({
  format: Type.Literal('wayproof-epoch/1'),
  epoch: Type.Integer(),
  from: Type.String(),
  to: Type.String(),
  closedAt: Type.String(),
  forced: Type.Boolean(),
  recipe: Type.Integer(),
  pool: Units,
  purses: Type.Array(ExportPurse, { maxItems: 3 }),
  shares: Type.Array(ExportShare, { description: 'In ascending order of purse and pseudonym' }),
  merkleRoot: Hex256,
});
export type EpochExport = Static<typeof EpochExport>;

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Signed = Type.String({ pattern: '^-?[0-9]{1,20}$', description: 'Whole units, negative where they leave' });
const Span = { epoch: Type.Integer(), from: Type.String(), to: Type.String() };

export const EpochList = Type.Object({
  next: Type.Object({ ...Span, closesAt: Type.String() }),
  epochs: Type.Array(Type.Object({ ...Span, closedAt: Type.String(), forced: Type.Boolean(), recipe: Type.Integer(), pool: Units, paid: Units, accounts: Type.Integer(), merkleRoot: Hex256 })),
});

export const OwnBalance = Type.Object({
  unit: Type.String(),
  decimals: Type.Integer({ description: 'Amounts are whole numbers of this decimal place' }),
  balance: Signed,
  opening: Signed,
  closing: Signed,
  lines: Type.Array(Type.Object({ key: Type.String(), kind: Type.String(), epoch: nullable(Type.Integer()), at: Type.String(), amount: Signed })),
  next: nullable(Type.String({ description: 'Give it as `after` for the next page' })),
  provisional: Type.Array(Type.Object({
    epoch: Type.Integer(), microPoints: Type.String(), ofMicroPoints: Type.String({ description: 'Of all accounts, so far' }), frames: Type.Integer(), closesAt: Type.String(),
  }), { description: 'Earned in epochs that are still open' }),
});

const FrameBehind = Type.Object({ id: Type.String(), driveId: Type.String(), drive: Type.String(), capturedAt: nullable(Type.String()), state: Type.String() });
const Factors = Type.Object({
  potMicroPoints: Type.String(), refillDays: Type.Integer(), refillOfDays: Type.Integer(), areaPpm: Type.Integer(),
  rank: nullable(Type.Integer()), share: Type.Integer(), shareOf: Type.Integer(), qualityPpm: nullable(Type.Integer()), tierHalves: Type.Integer(),
}, { description: 'microPoints = floor(potMicroPoints × share / shareOf × qualityPpm / 1000000 × tierHalves / 2)' });
const Place = Type.Object({ h3: Type.String(), octant: Type.Integer({ description: '-1: all round' }) });

/** What an account has earned in an epoch that is still open, frame by frame. */
export const OpenPoints = Type.Object({
  epoch: Type.Integer(),
  closesAt: Type.String(),
  microPoints: Type.String(),
  ofMicroPoints: Type.String({ description: 'Of all accounts, so far' }),
  lines: Type.Array(Type.Object({ microPoints: Type.String(), frame: FrameBehind, factors: Factors, place: Place })),
  next: nullable(Type.String()),
});
export type OpenPoints = Static<typeof OpenPoints>;

const WhyLine = Type.Object({
  amount: Units,
  microPoints: Type.String(),
  frame: nullable(FrameBehind),
  factors: nullable(Factors),
  place: nullable(Place),
  commitment: Hex256,
  salt: nullable(Type.String({ description: 'Opens the commitment; null once the frame is gone' })),
});

export const PostingWhy = Type.Object({
  key: Type.String(),
  kind: Type.String(),
  epoch: nullable(Type.Integer()),
  at: Type.String(),
  amount: Signed,
  share: nullable(Type.Object({
    purse: PurseName, purseUnits: Units, microPoints: Type.String(), ofMicroPoints: Type.String(), recipe: Type.Integer(), pseudonym: Hex256,
  }, { description: 'amount = purseUnits × microPoints / ofMicroPoints, to a whole unit by largest remainder' })),
  proof: nullable(Type.Object({ index: Type.Integer(), count: Type.Integer(), leaf: Hex256, path: Type.Array(Hex256), root: Hex256 }, { description: 'RFC 6962 audit path from your leaf to the root of the export' })),
  lines: Type.Array(WhyLine),
  next: nullable(Type.String()),
});
export type PostingWhy = Static<typeof PostingWhy>;
