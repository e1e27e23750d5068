import type { Bench } from './bench.ts';

interface Listed {
  readonly what: string;
  readonly run: () => Promise<Bench>;
}

/** Loaded when asked for, so that a list needs no database. */
const BENCHES: Readonly<Record<string, Listed>> = {
  tiles: { what: 'hexagons a second into vector tiles; floor: writing the same numbers with pbf', run: async () => (await import('./tiles.ts')).benchTiles() },
  ingest: { what: 'frames a second from upload to verdict, over HTTP; floor: sharp making the same derivatives', run: async () => (await import('./ingest.ts')).benchIngest() },
  judge: { what: 'windows a second judged; floor: parsing the same CSV', run: async () => (await import('./judge.ts')).benchJudge() },
  ledger: { what: 'postings a second; floor: inserting the same rows into a bare table', run: async () => (await import('./ledger.ts')).benchLedger() },
};

/** `npm run bench -- NAME [--json]`; with --json the last line is the result for machines. */
async function main(words: readonly string[]): Promise<number> {
  const [name, ...others] = words.filter((word) => word !== '--json');
  const bench = name === undefined || !Object.hasOwn(BENCHES, name) || others.length > 0 ? undefined : BENCHES[name];
  if (name === undefined || bench === undefined) {
    console.error(`${name === undefined ? 'Which bench?' : `There is no bench "${[name, ...others].join(' ')}".`} npm run bench -- NAME [--json], with one of`);
    for (const [known, { what }] of Object.entries(BENCHES)) console.error(`  ${known.padEnd(8)} ${what}`);
    return 2;
  }
  console.log(`${name}: ${bench.what}`);
  const { figures, ratio } = await bench.run();
  const width = Math.max(...Object.keys(figures).map((figure) => figure.length));
  for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(width)}  ${value.toLocaleString('en').padStart(14)}`);
  console.log(`  ${'ratio, ours / floor'.padEnd(width)}  ${ratio.toFixed(3).padStart(14)}`);
  if (words.includes('--json')) console.log(JSON.stringify({ bench: name, figures, ratio }));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
