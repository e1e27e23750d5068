import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { forge } from './attack-forge.ts';
import { attackList, attackReport } from './attack-table.ts';
import { ATTACKS, attackOf, isAttackName } from './fixtures/attacks/all.ts';

interface Flags {
  readonly severity?: number;
  readonly variant?: string;
  readonly from?: number;
  readonly to?: number;
  readonly seed: number;
  readonly donor?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** `wayproof attack NAME DRIVE OUT`: the cheats that the judge is measured on, for anybody to make from a drive of their own. */
export function attackCommand(program: Command): void {
  const command: Command = program
    .command('attack')
    .description('forge a drive folder as a cheat would, to see what the judge makes of it')
    .argument('[name]', 'which cheat; --list shows them')
    .argument('[drive]', 'a drive folder, or one packed as .zip, .tar or .tar.gz; it stays as it is')
    .argument('[out]', 'the forged folder: new, or empty')
    .option('--list', 'the cheats, what each needs, its severity and its variants')
    .option('--severity <number>', 'how strong, in the unit that --list gives', number)
    .option('--variant <name>', 'one of those that --list gives; else the first')
    .option('--from <seconds>', 'where it begins, counted from the start of the drive', number)
    .option('--to <seconds>', 'and where it ends', number)
    .option('--seed <number>', 'another one makes another forgery of the same kind', wholeNumber, 1)
    .option('--donor <drive>', 'another drive, whose log, sensor or pictures are taken')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe same drive, options and seed make the same forgery.\nExamples:\n  wayproof attack --list\n  wayproof attack drag-off ~/drives/monday /tmp/dragged --severity 2 --from 120\n  wayproof attack replay ~/drives/monday /tmp/replayed --donor ~/drives/tuesday\n  wayproof judge /tmp/dragged /tmp/replayed');
  command.action(async (name: string | undefined, drive: string | undefined, out: string | undefined, flags: Flags) => {
    if (flags.list === true) return console.log(attackList(flags.json === true));
    if (name === undefined || drive === undefined || out === undefined) command.error('error: NAME, DRIVE and OUT are needed (wayproof attack --list shows the names)', { exitCode: 2 });
    if (!isAttackName(name)) command.error(`error: there is no attack ${name}; there are ${Object.keys(ATTACKS).join(', ')}`, { exitCode: 2 });
    const attack = attackOf(name);
    if (flags.variant !== undefined && !attack.variants.includes(flags.variant)) command.error(`error: ${name} has no variant ${flags.variant}; it has ${attack.variants.join(', ')}`, { exitCode: 2 });
    await mustBeFree(out, drive);
    const { donor, ...wishes } = flags;
    const made = await forge({ name, attack, drive: resolve(drive), donor: donor === undefined ? null : resolve(donor), out: resolve(out), wishes });
    console.log(attackReport(made, flags.json === true));
  });
}

/** A forgery is never written over or into anything. */
async function mustBeFree(out: string, drive: string): Promise<void> {
  const inside = relative(resolve(drive), resolve(out));
  if (inside === '' || !(isAbsolute(inside) || inside.split(sep)[0] === '..')) throw new Error(`${out} lies inside ${drive}; give a folder elsewhere`);
  const found = await stat(out).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) throw new Error(`${out} is there already, and is no folder`);
  if ((await readdir(out)).length > 0) throw new Error(`${out} is not empty; give a new folder`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('it must be a number.');
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('it must be a whole number from 0 on.');
  return value;
}
