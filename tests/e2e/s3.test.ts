import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../shared/io/clock.ts';
import { openS3Objects } from '../../shared/io/s3-objects.ts';
import { type Radosgw, startRadosgw, whyNoRadosgw } from '../contracts/radosgw.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';
import { instanceHome, startWayproof } from './wayproof-process.ts';

const run = promisify(execFile);
const reason = whyNoRadosgw();
if (reason !== null) console.log(`S3 is not tested: ${reason}`);

describe.skipIf(reason !== null)('with its objects on S3', () => {
  let peer: Radosgw;
  let settings: Record<string, string>;
  let instance: Awaited<ReturnType<typeof instanceHome>>;
  beforeAll(async () => {
    peer = await startRadosgw();
    const { endpoint, bucket, accessKeyId, secretAccessKey } = peer.settings;
    settings = { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, DEMO: 'no' };
    instance = await instanceHome();
  });
  afterAll(async () => {
    await instance.remove();
    await peer.stop();
  });

  test('a bucket that is not there is said at start', async () => {
    await expect(startWayproof(instance.home, settings)).rejects.toThrow(/wayproof: the object store at 127\.0\.0\.1:\d+ has no bucket "wayproof": make it, or set S3_BUCKET/);
  });

  test('a drive goes from upload to verdict, and no object lies in a file', async () => {
    const client = new S3Client({ ...peer.settings, credentials: peer.settings });
    await client.send(new CreateBucketCommand({ Bucket: peer.settings.bucket }));
    client.destroy();
    const wayproof = await startWayproof(instance.home, settings);
    try {
      expect(wayproof.output()).toContain('bucket wayproof at 127.0.0.1');
      const folder = join(instance.home, 'drive');
      const frames = await writeSimulatedDrive(folder, { endsAtS: Date.now() / 1000 - 3600, each: 8 });
      const { stdout } = await run(process.execPath, ['wayproof.js', 'upload', '--json', '--trim', '0', '--url', wayproof.url, folder], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, WAYPROOF_HOME: instance.home } });
      const [{ drive, frames: judged }] = JSON.parse(stdout) as [{ drive: { verdict: string; counts: object }; frames: { id: string }[] }];
      expect(drive).toMatchObject({ verdict: 'accepted', counts: { received: frames, accepted: frames } });
      const picture = await fetch(`${wayproof.url}/api/frames/${judged[0]!.id}/thumb.jpg`, { headers: { authorization: `Bearer ${await wayproof.token()}` } });
      expect(picture.headers.get('content-type')).toBe('image/jpeg');
      const objects = await openS3Objects(peer.settings, systemClock);
      let [originals, derived] = [0, 0];
      for await (const _ of objects.list('original')) originals += 1;
      for await (const _ of objects.list('derived')) derived += 1;
      await objects.close();
      expect([originals, derived]).toEqual([frames + 4, 3 * frames]);
      expect(existsSync(join(instance.home, 'objects'))).toBe(false);
    } finally {
      expect(await wayproof.end('SIGTERM')).toBe(0);
    }
  });
});
