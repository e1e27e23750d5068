import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesUnder } from '../../ingest/local-files.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { zipOf } from '../ingest/archive-writer.ts';
import { realDrivesFolder } from '../validate/real-drives.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';
import { instanceHome, type RunningProcess, startWayproof } from './wayproof-process.ts';

const run = promisify(execFile);

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function wayproof(words: readonly string[], home: string): Promise<Answer> {
  return await run(process.execPath, ['wayproof.js', ...words], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, WAYPROOF_HOME: home }, maxBuffer: 64 * 1024 * 1024 })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), (error: Answer) => error);
}

/** The line as the server stores it. */
function withoutMs(line: string): string {
  return line.trimEnd().replace(/,"ms":\d+\}$/, '}');
}

/** The table with all its times, in the column `t_s`, a day later. */
function later(table: string): string {
  const [head, ...rows] = table.trimEnd().split('\n') as [string, ...string[]];
  const at = head.split(',').indexOf('t_s');
  return [head, ...rows.map((row) => row.split(',').map((cell, n) => (n === at ? String(Math.round((Number(cell) + 86_400) * 1000) / 1000) : cell)).join(','))].join('\n');
}

/** Sends the folder, and what the server then says of it. */
async function sent({ url }: RunningProcess, folder: string, token: string): Promise<{ readonly counts: Readonly<Record<string, number>>; readonly judgement: string }> {
  const upload = await wayproof(['upload', '--json', '--trim', '0', '--url', url, '--token', token, folder], folder);
  const [{ drive }] = JSON.parse(upload.stdout) as [{ drive: { id: string; counts: Record<string, number> } }];
  const stored = await fetch(`${url}/api/drives/${drive.id}/judgement`, { headers: { authorization: `Bearer ${token}` } });
  return { counts: drive.counts, judgement: await stored.text() };
}

describe('wayproof judge', () => {
  let instance: Awaited<ReturnType<typeof instanceHome>>;
  let folder: string;
  /** The same without a third of its pictures, as somebody sent it before. */
  let part: string;
  /** The same recording a day later, with the same pictures. */
  let copy: string;
  /** What is said of each of the three, judged alone. */
  let alone: Readonly<Record<'folder' | 'part' | 'copy', string>>;

  beforeAll(async () => {
    instance = await instanceHome();
    [folder, part, copy] = [join(instance.home, 'my drive'), join(instance.home, 'part'), join(instance.home, 'copy')];
    await writeSimulatedDrive(folder, { endsAtS: Date.now() / 1000 - 3600, each: 2 });
    const pictures = (await readdir(join(folder, 'frames'))).toSorted();
    // Everything that Ingest sorts out must be sorted out alike: a copy, a picture cut short, a text, something unused.
    await cp(join(folder, 'frames', pictures[2]!), join(folder, 'frames', 'zz-copy.jpg'));
    const rows = await readFile(join(folder, 'frames.csv'), 'utf8');
    await writeFile(join(folder, 'frames.csv'), `${rows}${rows.split('\n').find((row) => row.includes(pictures[2]!))!.replace(pictures[2]!, 'zz-copy.jpg')}\n`);
    const cut = await readFile(join(folder, 'frames', pictures[4]!));
    await writeFile(join(folder, 'frames', pictures[4]!), cut.subarray(0, cut.length >> 1));
    await writeFile(join(folder, 'frames', 'no-picture.jpg'), 'hello');
    await mkdir(join(folder, 'notes'));
    await writeFile(join(folder, 'notes', 'read me.txt'), 'unused');
    await writeFile(join(folder, '.hidden'), 'not sent');
    await cp(folder, part, { recursive: true });
    for (const name of pictures.filter((_, n) => n % 3 === 0)) await rm(join(part, 'frames', name));
    await cp(folder, copy, { recursive: true });
    for (const name of ['gnss.csv', 'imu.csv', 'frames.csv']) await writeFile(join(copy, name), later(await readFile(join(copy, name), 'utf8')));
    const { code, stdout } = await wayproof(['judge', '--ndjson', folder, part, copy], instance.home);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').map(withoutMs) as [string, string, string];
    alone = { folder: lines[0], part: lines[1], copy: lines[2] };
  });
  afterAll(() => instance.remove());

  describe('beside a server', () => {
    let server: RunningProcess;
    let first: Awaited<ReturnType<typeof sent>>;
    beforeAll(async () => {
      server = await startWayproof(instance.home, { DEMO: 'no' });
    });
    afterAll(() => server.end('SIGTERM'));

    test('says what the server stores, byte for byte', async () => {
      expect(server.output()).toMatch(/validate +recipe \d+, net [0-9a-f]{12} on (cpu|webgpu|cuda)/);
      first = await sent(server, part, await server.token());
      expect(first.counts).toMatchObject({ refused: 2, dropped: 1 });
      expect(first.judgement).toBe(alone.part);
      expect((JSON.parse(alone.part) as { frames: object[] }).frames).toHaveLength(first.counts['accepted']!);
    }, 180_000);

    test('says what the server stores, whatever of the pictures another drive already holds', async () => {
      const added = await wayproof(['account', 'add', 'boris', '--role', 'contributor', '--json'], instance.home);
      const { token } = JSON.parse(added.stdout) as { token: string };
      const { counts, judgement } = await sent(server, folder, token);
      expect(counts['dropped']).toBeGreaterThan(first.counts['accepted']!);
      expect(judgement).toBe(alone.folder);
    }, 180_000);
  });

  test('--context holds it against other drives and leaves the rest of the line as it is', async () => {
    const { home, remove } = await instanceHome();
    const somebody = join(home, 'others', 'somebody');
    await cp(folder, somebody, { recursive: true });
    await mkdir(join(home, 'others', 'empty'));
    const { code, stdout, stderr } = await wayproof(['judge', '--ndjson', '--context', join(home, 'others'), copy, somebody], home);
    await remove();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/empty: not part of the context: drive_empty/) });
    const [held, itself] = stdout.trimEnd().split('\n').map(withoutMs) as [string, string];
    const { receipt: { context } } = JSON.parse(held) as { receipt: { context: { sha256: string; drives: number; verdict: string; lines: { reason: string | null }[] } } };
    expect(context).toMatchObject({ drives: 1, verdict: 'rejected', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(context.lines.flatMap(({ reason }) => reason ?? [])).toEqual(['imagery_held', 'imagery_copied', 'readings_held', 'track_replayed']);
    expect(held.replace(`,"context":${JSON.stringify(context)}`, '')).toBe(alone.copy);
    expect((JSON.parse(itself) as { receipt: { context: { drives: number } } }).receipt.context.drives).toBe(0);
  }, 180_000);

  test('twice is the same bytes, also of the folder in one file; a hostile one is refused while the others are judged', async () => {
    const tar = join(instance.home, 'packed.tar.gz');
    await run('tar', ['-czf', tar, '-C', instance.home, 'my drive']);
    const files = await filesUnder(folder);
    const zip = join(instance.home, 'my drive.zip');
    await writeFile(zip, zipOf(await Promise.all(files.map(async ({ path, file }) => ({ path, content: await readFile(file), packed: 'deflated' as const })))));
    const bad = join(instance.home, 'bad.zip');
    await writeFile(bad, zipOf([{ path: 'gnss.csv', content: 'x' }, { path: '../gnss.csv', content: 'x' }]));
    const [{ code, stdout, stderr }, again] = [
      await wayproof(['judge', '--ndjson', '--ep', 'cpu', folder, tar, bad, zip], instance.home),
      await wayproof(['judge', '--ndjson', '--ep', 'cpu', folder], instance.home),
    ];
    const lines = stdout.trimEnd().split('\n').map(withoutMs);
    expect(lines).toEqual([lines[0], lines[0], lines[0]]);
    expect(lines[0]).toContain('"provider":"cpu"');
    expect(withoutMs(again.stdout)).toBe(lines[0]);
    expect(code).toBe(1);
    expect(stderr).toContain('bad.zip: it is not unpacked: "../gnss.csv" leads out of the folder');
  });

  /** Where it is not about pictures: they are most of the work. */
  const withoutPictures = async (): Promise<string> => {
    const bare = join(instance.home, 'bare');
    for (const name of ['drive.json', 'gnss.csv', 'imu.csv']) await cp(join(folder, name), join(bare, name));
    return bare;
  };

  test('without --ndjson a person can read it', async () => {
    const { stdout } = await wayproof(['judge', folder], instance.home);
    expect(stdout).toMatch(/verdict +accepted, tier B, score 0\.\d+/);
    expect(stdout).toMatch(/frames +\d+: \d+ accepted/);
    expect(stdout).toMatch(/receipt +recipe \d+, net [0-9a-f]{12} on /);
  });

  test('another recipe is used, and named in the receipt', async () => {
    const file = join(instance.home, 'recipe.json');
    await writeFile(file, JSON.stringify({ ...RECIPE, version: 77 }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
    const { stdout } = await wayproof(['judge', '--ndjson', '--recipe', file, await withoutPictures()], instance.home);
    expect(stdout).toContain('"receipt":{"recipe":77,');
    await writeFile(file, '{"version":1}');
    const bad = await wayproof(['judge', '--recipe', file, folder], instance.home);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/^wayproof: the recipe .*recipe\.json cannot be used: ingest is missing; validate is missing; .*rewards is missing\n$/);
  });

  test('what cannot be judged is said, and the others are judged', async () => {
    const empty = join(instance.home, 'empty');
    await mkdir(empty);
    const { code, stdout, stderr } = await wayproof(['judge', '--ndjson', empty, join(instance.home, 'nowhere'), await withoutPictures()], instance.home);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect(stderr).toMatch(/empty: nothing in it can be judged: drive_empty/);
    expect(stderr).toMatch(/nowhere: there is no such folder/);
  });

  test('a model that is not there is one sentence', async () => {
    const { code, stderr } = await wayproof(['judge', '--model', '/nowhere.onnx', folder], instance.home);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'wayproof: the model should lie in /nowhere.onnx, where no file can be read\n' });
  });
});

const drives = realDrivesFolder();

test.skipIf(drives === null)('of the 21 honest drives it rejects none', async () => {
  const names = (await readdir(drives!)).toSorted();
  const { home, remove } = await instanceHome();
  const { code, stdout } = await wayproof(['judge', '--ndjson', ...names.map((name) => join(drives!, name))], home).finally(remove);
  expect(code).toBe(0);
  const judged = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { drive: string; verdict: string });
  expect(judged.map(({ drive }) => drive)).toEqual(names);
  const others = judged.filter(({ verdict }) => verdict !== 'accepted').map(({ drive, verdict }) => `${drive} ${verdict}`);
  expect(others).toEqual(['phone-2023-08-04-network-provider unverified']);
});
