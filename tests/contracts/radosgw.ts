import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { S3Settings } from '../../shared/io/s3-objects.ts';

const run = promisify(execFile);
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const READY_MS = 90_000;

/** A real S3 peer: Ceph's gateway on one monitor and one disk in memory. */
export interface Radosgw {
  /** How to enter it; the bucket is not there yet. */
  readonly settings: S3Settings;
  /** The gateway goes away as a machine does that loses its power; what it stored stays. */
  cutOff(): Promise<void>;
  /** It comes back at the same address. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Why radosgw cannot be started here, or null where it can. */
export function whyNoRadosgw(): string | null {
  const missing = PROGRAMS.filter((program) => !isOnPath(program));
  return missing.length === 0 ? null : `no ${missing.join(', ')}: apt-get install radosgw ceph-mon ceph-osd ceph-common`;
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Starts it in a folder of its own, on loopback ports of its own. */
export async function startRadosgw(): Promise<Radosgw> {
  const folder = await mkdtemp(join(tmpdir(), 'wayproof-ceph-'));
  const children: ChildProcess[] = [];
  const end = () => children.forEach((child) => child.kill('SIGKILL'));
  process.on('exit', end);
  const stop = async () => {
    process.off('exit', end);
    // Nothing in them is worth an orderly end: the disk is memory.
    await Promise.all(children.map(killed));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const settings = await startIn(folder, children);
    return {
      settings, stop,
      cutOff: async () => await killed(children.pop()!),
      comeBack: async () => {
        startGateway(join(folder, 'ceph.conf'), children);
        await answers(settings.endpoint, children);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  await new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL'));
}

function startGateway(conf: string, children: ChildProcess[]): void {
  children.push(spawn('radosgw', ['-c', conf, '-f', '-n', 'client.rgw'], { env: { ...process.env, CEPH_CONF: conf }, stdio: 'ignore' }));
}

async function startIn(folder: string, children: ChildProcess[]): Promise<S3Settings> {
  const [monPort, port] = [await freePort(), await freePort()];
  const [fsid, osdId] = [randomUUID(), randomUUID()];
  const conf = join(folder, 'ceph.conf');
  for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'keyring'), '');
  await writeFile(conf, configuration({ folder, monPort, port, fsid }));
  const environment = { env: { ...process.env, CEPH_CONF: conf } };
  const daemon = (program: string, ...words: readonly string[]) => {
    children.push(spawn(program, ['-c', conf, '-f', ...words], { ...environment, stdio: 'ignore' }));
  };
  await run('monmaptool', ['--create', '--addv', 'a', `[v2:127.0.0.1:${monPort}]`, '--fsid', fsid, join(folder, 'monmap')], environment);
  await run('ceph-mon', ['-c', conf, '--mkfs', '-i', 'a', '--monmap', join(folder, 'monmap')], environment);
  daemon('ceph-mon', '-i', 'a');
  await run('ceph', ['-c', conf, 'osd', 'new', osdId], environment);
  await run('ceph-osd', ['-c', conf, '-i', '0', '--mkfs', '--osd-uuid', osdId], environment);
  daemon('ceph-osd', '-i', '0');
  startGateway(conf, children);
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, children);
  const [accessKeyId, secretAccessKey] = ['wayproof-test', randomUUID()];
  await run('radosgw-admin', ['-c', conf, 'user', 'create', '--uid', 'wayproof', '--display-name', 'Wayproof', '--access-key', accessKeyId, '--secret-key', secretAccessKey], environment);
  return { endpoint, bucket: 'wayproof', region: 'us-east-1', accessKeyId, secretAccessKey, forcePathStyle: true };
}

/** Without keys between its daemons, nothing on disk, and without the pauses that make a real cluster calm. */
function configuration({ folder, monPort, port, fsid }: { readonly folder: string; readonly monPort: number; readonly port: number; readonly fsid: string }): string {
  return `[global]
fsid = ${fsid}
mon host = v2:127.0.0.1:${monPort}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
keyring = ${folder}/keyring
run dir = ${folder}/run
admin socket =
log file =
mon cluster log file =
mon data = ${folder}/mon
mon data avail crit = 0
mon allow pool size one = true
mon max pg per osd = 1000
paxos propose interval = 0.02
paxos min wait = 0.01
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
[client.rgw]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw enable usage log = false
`;
}

async function answers(endpoint: string, children: readonly ChildProcess[]): Promise<void> {
  for (const deadline = performance.now() + READY_MS; performance.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const ended = children.find(hasEnded);
    if (ended !== undefined) throw new Error(`${ended.spawnargs.join(' ')} ended with ${ended.exitCode ?? ended.signalCode}`);
    if (await fetch(endpoint).then(() => true, () => false)) return;
  }
  throw new Error(`radosgw did not answer within ${READY_MS / 1000} s`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
