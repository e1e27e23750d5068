import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../waiting.ts';
import { sha256 } from './pictures.ts';
import { announce, contentDigest, type Contributor, fileUrl, type IngestServer, manifestOf, openIngest, send, summaryOf, type UploadFile } from './server.ts';

let server: IngestServer;
let anna: Contributor;
let boris: Contributor;
beforeAll(async () => {
  server = await openIngest();
  anna = await server.contributor('anna');
  boris = await server.contributor('boris');
});
afterAll(async () => await server.close());

function file(path: string, size = 2000): UploadFile {
  return { path, bytes: randomBytes(size) };
}

async function isStored({ bytes }: UploadFile): Promise<boolean> {
  return (await server.objects.head({ prefix: 'original', sha256: sha256(bytes) })) !== null;
}

describe('announcing', () => {
  test('names what is missing, and again the same, in any order of files: that is resume', async () => {
    const files = [file('b.jpg'), file('a.jpg'), file('10.jpg'), file('2.jpg')];
    const drive = await announce(anna, files);
    expect(drive).toMatchObject({ state: 'open', missing: ['2.jpg', '10.jpg', 'a.jpg', 'b.jpg'] });
    await send(anna, drive.id, files.slice(0, 2));
    expect(await announce(anna, files.toReversed())).toEqual({ ...drive, missing: ['2.jpg', '10.jpg'] });
  });

  test('the same files by somebody else is another drive, and a hash is no proof of having the bytes', async () => {
    const files = [file('a.jpg')];
    const first = await announce(anna, files);
    await send(anna, first.id, files);
    const second = await announce(boris, files);
    expect(second.id).not.toBe(first.id);
    expect(second.missing).toEqual(['a.jpg']);
  });

  test('files that one sent before need not travel again', async () => {
    const [old, added] = [file('a.jpg'), file('b.jpg')];
    await send(anna, (await announce(anna, [old])).id, [old]);
    expect((await announce(anna, [{ ...old, path: 'elsewhere/x.jpg' }, added])).missing).toEqual(['b.jpg']);
  });

  test('other asserted times make another drive; another trim is taken over while the drive is open', async () => {
    const files = [file('a.jpg')];
    const plain = await announce(anna, files, { trim: 0, name: 'first' });
    expect((await announce(anna, files, { assert: { start: '2026-06-01T10:00:00Z', intervalS: 2 } })).id).not.toBe(plain.id);
    expect((await announce(anna, files, { trim: 400, licence: 'CC0-1.0', name: 'second' })).id).toBe(plain.id);
    expect(await summaryOf(anna, plain.id)).toMatchObject({ trimM: 400, licence: 'CC0-1.0', name: 'second', state: 'open', files: { announced: 1, stored: 0 } });
  });

  test('many at once of one manifest is one drive', async () => {
    const files = [file('a.jpg'), file('b.jpg')];
    const drives = await Promise.all(Array.from({ length: 6 }, () => announce(anna, files)));
    expect(new Set(drives.map(({ id }) => id)).size).toBe(1);
  });

  const good = { path: 'a.jpg', size: 1, sha256: '0'.repeat(64) };
  test.each([
    [[], 400], [[{ ...good, path: '../a.jpg' }], 400], [[{ ...good, path: '/etc/passwd' }], 400], [[{ ...good, path: 'a\\b.jpg' }], 400], [[{ ...good, path: 'a\u0000.jpg' }], 400],
    [[{ ...good, path: 'a\ud800.jpg' }], 400], [[good, good], 400], [[{ ...good, sha256: 'ABC' }], 400], [[{ ...good, size: -1 }], 400], [[{ ...good, size: 1.5 }], 400], [[{ ...good, size: 6_000_000 }], 413],
    [Array.from({ length: 1001 }, (_, n) => ({ ...good, path: `${n}.jpg` })), 413],
  ])('a manifest that cannot be taken: %j', async (files, status) => {
    const answer = await anna.call('POST', '/api/drives', { files });
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
  });

  test.each([
    { licence: 'WTFPL' }, { trim: -1 }, { trim: 5001 }, { trim: 1.5 }, { assert: { start: 'yesterday', intervalS: 1 } }, { assert: { start: '2026-06-01T10:00:00Z', intervalS: 0 } },
    { assert: { start: '2026-06-31T10:00:00Z', intervalS: 1 } }, { assert: { start: '2016-12-31T23:59:60Z', intervalS: 1 } }, { name: '' }, { name: 'a\u0000b' }, { name: 'x'.repeat(121) }, { cameraOffsetS: '5' }, { surprise: 1 },
  ])('settings that cannot be: %j', async (settings) => {
    const answer = await anna.call('POST', '/api/drives', { files: [good], ...settings });
    expect(answer.status, JSON.stringify(answer.body)).toBe(400);
    expect(answer.type).toMatch(/^application\/problem\+json/);
  });
});

describe('sending a file', () => {
  test('201 when new, 200 when there; the bytes are stored under the private prefix', async () => {
    const picture = file('frames/0001.jpg');
    const { id } = await announce(anna, [picture]);
    const put = () => anna.call('PUT', fileUrl(id, picture.path), picture.bytes, contentDigest(picture.bytes));
    expect(await put()).toMatchObject({ status: 201, body: { path: picture.path, stored: true } });
    expect(await put()).toMatchObject({ status: 200 });
    expect(await server.objects.get({ prefix: 'original', sha256: sha256(picture.bytes) })).toEqual(picture.bytes);
    expect(await summaryOf(anna, id)).toMatchObject({ files: { announced: 1, stored: 1 } });
  });

  test('bytes that are not those of the digest: 422, another announced file: 409, and nothing is stored', async () => {
    const [picture, other] = [file('a.jpg'), file('a.jpg')];
    const { id } = await announce(anna, [picture]);
    const url = fileUrl(id, 'a.jpg');
    expect(await anna.call('PUT', url, other.bytes, contentDigest(picture.bytes))).toMatchObject({ status: 422, body: { type: 'digest_mismatch' } });
    expect(await anna.call('PUT', url, other.bytes)).toMatchObject({ status: 422 });
    expect(await anna.call('PUT', url, other.bytes, contentDigest(other.bytes))).toMatchObject({ status: 409, body: { type: 'other_content' } });
    expect(await anna.call('PUT', url, picture.bytes, { 'content-digest': 'sha-256=nonsense' })).toMatchObject({ status: 400, body: { type: 'digest_malformed' } });
    expect(await anna.call('PUT', url, picture.bytes.subarray(1))).toMatchObject({ status: 422, body: { type: 'size_differs' } });
    expect(await isStored(picture) || (await isStored(other))).toBe(false);
    expect((await announce(anna, [picture])).missing).toEqual(['a.jpg']);
    await send(anna, id, [picture]);
    expect(await anna.call('PUT', url, other.bytes)).toMatchObject({ status: 409, body: { type: 'other_content' } });
    expect(await anna.call('PUT', url, picture.bytes)).toMatchObject({ status: 200 });
  });

  test('a size that was announced wrong is not stored, though the hash is right', async () => {
    const bytes = randomBytes(100);
    const answer = await anna.call('POST', '/api/drives', { files: [{ path: 'a.jpg', size: 200, sha256: sha256(bytes) }] });
    expect(await anna.call('PUT', fileUrl((answer.body as unknown as { id: string }).id, 'a.jpg'), bytes)).toMatchObject({ status: 422, body: { type: 'size_differs' } });
  });

  test('a drive of somebody else, of nobody, and no id at all are equally unknown: 404', async () => {
    const picture = file('a.jpg');
    const { id } = await announce(anna, [picture]);
    for (const drive of [id, '0190a5a0-0000-7000-8000-000000000001', 'x', '%00']) {
      for (const [method, rest] of [['PUT', '/files/a.jpg'], ['POST', '/close'], ['GET', ''], ['GET', '/frames']] as const) {
        const answer = await boris.call(method, `/api/drives/${drive}${rest}`, method === 'PUT' ? picture.bytes : undefined);
        expect(answer, `${method} ${drive}${rest}`).toMatchObject({ status: 404, body: { type: 'drive_unknown' } });
        expect(answer.type).toMatch(/^application\/problem\+json/);
      }
    }
    expect((await fetch(`http://127.0.0.1:${server.port}/api/drives/${id}`)).status).toBe(401);
  });

  test('a file that was not announced: 404, whatever the path does to get out', async () => {
    const { id } = await announce(anna, [file('a.jpg')]);
    for (const path of ['b.jpg', 'A.JPG', '..%2f..%2fetc%2fpasswd', '%2e%2e/a.jpg', 'a.jpg/', '%00', 'a.jpg%00', '%ff', 'a%2ejpg/../b.jpg', '']) {
      const answer = await anna.call('PUT', `/api/drives/${id}/files/${path}`, randomBytes(5));
      expect([400, 404], `${path} ${answer.status}`).toContain(answer.status);
      expect(answer.type).toMatch(/^application\/problem\+json/);
    }
    expect(await rawPut(id, '../../../../etc/passwd')).toMatch(/^HTTP\/1.1 40[04]/);
  });

  test.each(['größe/straße 1.jpg', '日本/写真.jpg', 'a b+c&d=e?f#g.jpg', '100%25.jpg', '%2e%2e', 'a:b;c,d.jpg', "it's (1).jpg", '日'.repeat(512)])('a path with any letters: %s', async (path) => {
    const picture = { path, bytes: randomBytes(50) };
    const { id } = await announce(anna, [picture]);
    expect((await anna.call('PUT', fileUrl(id, path), picture.bytes)).body).toMatchObject({ path, stored: true });
    // Slashes may be encoded as well.
    expect(await anna.call('PUT', `/api/drives/${id}/files/${encodeURIComponent(path)}`, picture.bytes)).toMatchObject({ status: 200 });
  });

  test('an empty file is a file', async () => {
    const empty = { path: 'imu.csv', bytes: new Uint8Array(0) };
    const { id } = await announce(anna, [empty]);
    expect(await anna.call('PUT', fileUrl(id, 'imu.csv'), empty.bytes)).toMatchObject({ status: 201 });
  });

  test('any content type, and an encoding that nobody inflates', async () => {
    const picture = { path: 'gnss.csv', bytes: Buffer.from(gzipSync('t_s,lat_deg,lon_deg\n')) };
    const { id } = await announce(anna, [picture]);
    const answer = await anna.call('PUT', fileUrl(id, 'gnss.csv'), picture.bytes, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect([201, 415, 422]).toContain(answer.status);
    expect(await anna.call('PUT', fileUrl(id, 'gnss.csv'), picture.bytes, { 'content-type': 'text/csv' })).toMatchObject({ status: answer.status === 201 ? 200 : 201 });
  });

  test('the same file many times at once is one object and no error', async () => {
    const picture = file('a.jpg', 400_000);
    const { id } = await announce(anna, [picture]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => anna.call('PUT', fileUrl(id, 'a.jpg'), picture.bytes)));
    expect(answers.every(({ status }) => status === 201 || status === 200)).toBe(true);
    expect(await isStored(picture)).toBe(true);
  });
});

describe('sizes', () => {
  test('a body longer than announced: 413, by its header or when it comes', async () => {
    const picture = file('a.jpg', 1000);
    const { id } = await announce(anna, [picture]);
    expect(await anna.call('PUT', fileUrl(id, 'a.jpg'), randomBytes(1001))).toMatchObject({ status: 413, body: { type: 'too_large' } });
    const stream = new ReadableStream({
      start: (controller) => {
        for (let n = 0; n < 20; n += 1) controller.enqueue(randomBytes(100));
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${server.port}${fileUrl(id, 'a.jpg')}`, { method: 'PUT', body: stream, duplex: 'half', headers: { authorization: `Bearer ${anna.token}` } } as RequestInit);
    expect(answer.status).toBe(413);
    expect(await server.draftsLeft()).toBe(0);
  });

  test('a client that goes away in the middle leaves nothing, and no failure in the log', async () => {
    const picture = file('a.jpg', 4_000_000);
    const { id } = await announce(anna, [picture]);
    for (let n = 0; n < 3; n += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => {
          socket.write(`PUT ${fileUrl(id, 'a.jpg')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Length: 4000000\r\n\r\n`);
          socket.write(picture.bytes.subarray(0, 500_000), () => setTimeout(() => socket.destroy(), 50));
        });
        socket.on('close', () => resolve());
      });
    }
    await until(async () => (await server.draftsLeft()) === 0);
    expect(await isStored(picture)).toBe(false);
    expect(server.logged()).not.toContain('request failed');
    await send(anna, id, [picture]);
    expect(await isStored(picture)).toBe(true);
  });

  test('a slow client is waited for', async () => {
    const picture = file('a.jpg', 1000);
    const { id } = await announce(anna, [picture]);
    const stream = new ReadableStream({
      start: async (controller) => {
        for (let at = 0; at < 1000; at += 100) {
          controller.enqueue(picture.bytes.subarray(at, at + 100));
          await new Promise((resolve) => setTimeout(resolve, 150));
        }
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${server.port}${fileUrl(id, 'a.jpg')}`, { method: 'PUT', body: stream, duplex: 'half', headers: { authorization: `Bearer ${anna.token}` } } as RequestInit);
    expect(answer.status).toBe(201);
    // A picture of 64 MB at 1 Mbit/s takes 9 minutes; a connection that is silent for two is given up.
    expect(server.http.server.requestTimeout).toBeGreaterThanOrEqual(540_000);
    expect(server.http.server.timeout).toBe(120_000);
  });
});

describe('closing', () => {
  test('with files missing: 409 that names them, and the drive stays open', async () => {
    const files = [file('a.jpg'), file('b.jpg')];
    const { id } = await announce(anna, files);
    await send(anna, id, files.slice(0, 1));
    expect(await anna.call('POST', `/api/drives/${id}/close`)).toMatchObject({ status: 409, body: { type: 'files_missing', missing: ['b.jpg'] } });
    expect(await summaryOf(anna, id)).toMatchObject({ state: 'open', closedAt: null });
  });

  test('once, however often it is asked; afterwards files are 409 unless they are there already', async () => {
    const files = [file('a.jpg'), file('b.txt')];
    const { id } = await announce(anna, files);
    await send(anna, id, files);
    const answers = await Promise.all([1, 2, 3].map(() => anna.call('POST', `/api/drives/${id}/close`)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(answers[0]!.body).toMatchObject({ state: 'processing', files: { announced: 2, stored: 2 } });
    const [jobs] = await server.db.query(`select count(*)::int as n from pgboss.job where name = 'ingest.read' and data ->> 'driveId' = $1`, [id]);
    expect(jobs).toEqual({ n: 1 });
    expect(await anna.call('PUT', fileUrl(id, 'a.jpg'), files[0]!.bytes)).toMatchObject({ status: 200 });
    await server.db.query('update drive_files set stored_at = null where drive_id = $1', [id]);
    expect(await anna.call('PUT', fileUrl(id, 'a.jpg'), files[0]!.bytes)).toMatchObject({ status: 409, body: { type: 'drive_closed' } });
    expect((await announce(anna, files)).state).toBe('processing');
  });

  test('my drives are mine, newest first', async () => {
    const { body } = await boris.call('GET', '/api/me/drives');
    const drives = (body as unknown as { drives: { id: string }[] }).drives.map(({ id }) => id);
    expect(drives).toEqual(drives.toSorted().toReversed());
    const others = await server.db.query<{ id: string }>(`select id from drives d where account_id <> (select id from accounts where name = 'boris')`);
    for (const { id } of others) expect(drives).not.toContain(id);
    expect(manifestOf([])).toEqual([]);
  });
});

async function rawPut(drive: string, path: string): Promise<string> {
  return await new Promise((resolve) => {
    let text = '';
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(`PUT /api/drives/${drive}/files/${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`);
    });
    socket.on('data', (bytes) => {
      text += bytes.toString();
    }).on('close', () => resolve(text));
  });
}
