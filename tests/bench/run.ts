import { PROVIDER_CHOICES, type ProviderChoice } from '../../validate/provider.ts';
import type { Bench } from './bench.ts';

interface Listed {
  readonly what: string;
  readonly run: (asked: Asked) => Promise<Bench>;
}

interface Asked {
  readonly provider: ProviderChoice;
}

/** Loaded when asked for, so that a list needs no database. */
const BENCHES: Readonly<Record<string, Listed>> = {
  tiles: { what: 'hexagons a second into vector tiles; floor: writing the same numbers with pbf', run: async () => (await import('./tiles.ts')).benchTiles() },
  ingest: { what: 'frames a second from upload to verdict, over HTTP; floor: sharp making the same derivatives', run: async () => (await import('./ingest.ts')).benchIngest() },
  judge: { what: 'windows a second through the net on `--ep cpu|webgpu|cuda|auto`; floor: the bare session in a loop over the same tensors; and pairs of pictures aligned, beside the bare correlations', run: async ({ provider }) => (await import('./judge.ts')).benchJudge(provider) },
  ledger: { what: 'postings a second; floor: inserting the same rows into a bare table', run: async () => (await import('./ledger.ts')).benchLedger() },
};

/** `npm run bench -- NAME [--ep PROVIDER] [--json]`; with --json the last line is the result for machines. */
async function main(words: readonly string[]): Promise<number> {
  const call = parse(words);
  const bench = call !== null && Object.hasOwn(BENCHES, call.name) ? BENCHES[call.name] : undefined;
  if (call === null || bench === undefined) {
    console.error(`${words.length === 0 ? 'Which bench?' : `There is no bench "${words.join(' ')}".`} npm run bench -- NAME [--ep PROVIDER] [--json], with one of`);
    for (const [known, { what }] of Object.entries(BENCHES)) console.error(`  ${known.padEnd(8)} ${what}`);
    return 2;
  }
  const { name } = call;
  console.log(`${name}: ${bench.what}`);
  const { figures, ratio, on } = await bench.run(call);
  const width = Math.max(...Object.keys(figures).map((figure) => figure.length));
  for (const [what, where] of Object.entries(on ?? {})) console.log(`  ${what.padEnd(width)}  ${where}`);
  for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(width)}  ${value.toLocaleString('en').padStart(14)}`);
  console.log(`  ${'ratio, ours / floor'.padEnd(width)}  ${ratio.toFixed(3).padStart(14)}`);
  if (call.isJson) console.log(JSON.stringify({ bench: name, figures, ratio, ...(on === undefined ? {} : { on }) }));
  return 0;
}

/** Null for a call that is not understood. */
function parse(words: readonly string[]): (Asked & { readonly name: string; readonly isJson: boolean }) | null {
  const at = words.indexOf('--ep');
  const provider = at === -1 ? 'cpu' : PROVIDER_CHOICES.find((choice) => choice === words[at + 1]);
  const names = words.filter((word, n) => word !== '--json' && (at === -1 || (n !== at && n !== at + 1)));
  const [name] = names;
  return provider === undefined || name === undefined || names.length > 1 ? null : { name, provider, isJson: words.includes('--json') };
}

process.exitCode = await main(process.argv.slice(2));
