import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { accountCommand } from './account.ts';
import { attackCommand } from './attack-command.ts';
import { demoCommand } from './demo-command.ts';
import { epochCommand } from './epoch-command.ts';
import { judgeCommand } from './judge-command.ts';
import { ConfigError } from './shared/io/config.ts';
import { startCommand } from './start.ts';
import { uploadCommand } from './upload-command.ts';

/** The front door: the `wayproof` command. Exit status 0 is success, 1 a failure said in one sentence, 2 a wrong call. */
export async function main(argv: readonly string[]): Promise<void> {
  const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('wayproof')
    .description('A street-imagery map whose every frame is checked for physical plausibility.')
    .version(version)
    .showHelpAfterError('(wayproof --help shows what there is)')
    .exitOverride()
    .addHelpText('after', '\nExamples:\n  wayproof start                      the whole network on this machine\n  wayproof upload ~/drives/monday     send a folder, see what became of every frame\n  wayproof judge ~/drives/monday      the verdict without sending anything\n  wayproof attack --list              the cheats that the judge is measured on\n  wayproof account add ann --role contributor\n  wayproof epoch close                pay out the week that is due\n  wayproof demo remove                the map without the demo drives');
  startCommand(program, version);
  uploadCommand(program);
  judgeCommand(program);
  attackCommand(program);
  accountCommand(program);
  epochCommand(program);
  demoCommand(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (process.env['LOG_LEVEL'] === 'debug') console.error(error);
  else console.error(`wayproof: ${error instanceof ConfigError ? error.message : reasonOf(error)}`);
  return 1;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
