import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { ConfigError } from './shared/io/config.ts';

type Commands = (program: Command, version: string) => void;

/** Each command with what it needs, in the order of the help: only the one that is called is loaded, for a quick start. */
const COMMANDS: Readonly<Record<string, () => Promise<Commands>>> = {
  start: async () => (await import('./start.ts')).startCommand,
  upload: async () => (await import('./upload-command.ts')).uploadCommand,
  judge: async () => (await import('./judge-command.ts')).judgeCommand,
  attack: async () => (await import('./attack-command.ts')).attackCommand,
  account: async () => (await import('./account.ts')).accountCommand,
  epoch: async () => (await import('./epoch-command.ts')).epochCommand,
  demo: async () => (await import('./demo-command.ts')).demoCommand,
};

/** The front door: the `wayproof` command. Exit status 0 is success, 1 a failure said in one sentence, 2 a wrong call. */
export async function main(argv: readonly string[]): Promise<void> {
  const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('wayproof')
    .description('A street-imagery map whose every frame is checked for physical plausibility.')
    .version(version)
    .showHelpAfterError('(wayproof --help shows what there is)')
    .exitOverride()
    .addHelpText('after', '\nExamples:\n  wayproof start                      the whole network on this machine\n  wayproof upload ~/drives/monday     send a folder, see what became of every frame\n  wayproof judge ~/drives/monday      the verdict without sending anything\n  wayproof attack --list              the cheats that the judge is measured on\n  wayproof account add ann --role contributor\n  wayproof epoch close                pay out the week that is due\n  wayproof demo remove                the map without the demo drives');
  for (const load of asked(argv[2])) (await load())(program, version);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** All of them for the help, for a word that is none of them, and where no word is given. */
function asked(word = ''): readonly (() => Promise<Commands>)[] {
  const one = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return one === undefined ? Object.values(COMMANDS) : [one];
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
