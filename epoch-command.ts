import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { Value } from 'typebox/value';
import { type Instance, openInstance } from './instance.ts';
import { readConfig } from './shared/io/config.ts';
import { type Epoch } from './shared/model/epoch.ts';
import { RECIPE } from './shared/model/recipe.ts';
import { EpochExport } from './tiles/rewards/answers.ts';
import { closeEpoch, nextEpoch } from './tiles/rewards/epoch.ts';
import { epochExport } from './tiles/rewards/export.ts';
import { type Verification, verifyExport } from './tiles/rewards/verify.ts';

/** `wayproof epoch`: pay out a week, look at it, recompute it. */
export function epochCommand(program: Command): void {
  const epochs = program.command('epoch').description('weeks of pay: close, show, verify');
  closeCommand(epochs);
  showCommand(epochs);
  verifyCommand(epochs);
}

function closeCommand(epochs: Command): void {
  epochs
    .command('close')
    .description('turn the points of an epoch into postings, once; by default the one that is due')
    .argument('[epoch]', 'its number', wholeNumber)
    .option('--force', 'before its end and 48 hours of grace; on the embedded database only')
    .option('--json', 'print the export as JSON')
    .addHelpText('after', '\nClosing again changes nothing.\nExamples:\n  wayproof epoch close\n  wayproof epoch close 2941 --json')
    .action(async (number: Epoch | undefined, { force, json }: { readonly force?: boolean; readonly json?: boolean }) => {
      await withInstance(async ({ db, clock, embedded }) => {
        if (force === true && !embedded) throw new Error('--force closes epochs of the embedded database only: on a network, wait for the grace that everybody was promised');
        const epoch = number ?? (await nextEpoch(db, clock));
        const isNew = await closeEpoch({ db, clock, recipe: RECIPE }, epoch, { force: force ?? false });
        const closed = (await epochExport(db, epoch))!;
        console.log(json === true ? JSON.stringify(closed) : [`Epoch ${epoch} ${isNew ? 'is closed' : 'was closed before'}.`, table(closed)].join('\n'));
      });
    });
}

function showCommand(epochs: Command): void {
  epochs
    .command('show')
    .description('what a closed epoch paid')
    .argument('<epoch>', 'its number', wholeNumber)
    .option('--json', 'print the export as JSON')
    .action(async (epoch: Epoch, { json }: { readonly json?: boolean }) => {
      await withInstance(async ({ db }) => {
        const closed = await epochExport(db, epoch);
        if (closed === null) throw new Error(`epoch ${epoch} is not closed`);
        console.log(json === true ? JSON.stringify(closed) : table(closed));
      });
    });
}

function verifyCommand(epochs: Command): void {
  epochs
    .command('verify')
    .description('recompute every amount and the Merkle root from a public export alone')
    .argument('<source>', 'a file, or an address such as https://map.example/api/epochs/2941/export')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit status 0: everything comes to what is given; 1: it does not.')
    .action(async (source: string, { json }: { readonly json?: boolean }) => {
      const given = parseExport(await textOf(source), source);
      const found = verifyExport(given);
      if (found.mistakes.length > 0) process.exitCode = 1;
      console.log(json === true ? JSON.stringify({ ...found, paid: String(found.paid), carriedOut: String(found.carriedOut) }) : verdict(given, found));
    });
}

async function withInstance(work: (instance: Instance) => Promise<void>): Promise<void> {
  const instance = await openInstance(readConfig(process.env), () => {}, { join: true });
  try {
    await work(instance);
  } finally {
    await instance.close();
  }
}

async function textOf(source: string): Promise<string> {
  const unreadable = (cause: unknown): never => {
    throw new Error(`${source} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  };
  if (!/^https?:\/\//.test(source)) return await readFile(source, 'utf8').catch(unreadable);
  const answer = await fetch(source).catch(unreadable);
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  return await answer.text();
}

function parseExport(text: string, source: string): EpochExport {
  const document = parseJson(text, source);
  if (Value.Check(EpochExport, document)) return document;
  const [first] = Value.Errors(EpochExport, document);
  throw new Error(`${source} is no export of an epoch: ${first === undefined ? 'another format' : `${first.instancePath || 'it'} ${first.message}`}`);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${source} is no JSON`);
  }
}

function verdict({ epoch }: EpochExport, { mistakes, accounts, lines, paid, carriedOut, merkleRoot }: Verification): string {
  if (mistakes.length > 0) return [`Epoch ${epoch} does NOT come to what is given:`, ...mistakes.map((mistake) => `  - ${mistake}`)].join('\n');
  return `Epoch ${epoch} is right: ${units(paid)} paid to ${accounts} accounts for ${lines} frames, ${units(carriedOut)} carried.\nMerkle root ${merkleRoot}`;
}

function table(closed: EpochExport): string {
  const { from, to, recipe, pool, purses, shares, merkleRoot, forced } = closed;
  return [
    `${from.slice(0, 10)} to ${to.slice(0, 10)}, recipe ${recipe}, pool ${units(pool)}${forced ? ', closed before its time' : ''}`,
    row('', ['emitted', 'carried in', 'paid', 'carried on']),
    ...purses.map(({ purse, emitted, carriedIn, paid, carriedOut }) => row(purse, [emitted, carriedIn, paid, carriedOut].map(units))),
    row('account', ['frames', 'micro-points', 'amount']),
    ...shares.map(({ pseudonym, lines, weight, amount }) => row(`${pseudonym.slice(0, 12)}…`, [String(lines.length), weight, units(amount)])),
    `Merkle root ${merkleRoot}`,
  ].join('\n');
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(20)).join('')}`;
}

/** Smallest units as whole ones, every digit of them. */
function units(amount: bigint | string): string {
  const value = BigInt(amount);
  return `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, '0')}`;
}

function wholeNumber(text: string): Epoch {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('it must be the whole number of an epoch.');
  return Number(text);
}
