import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a made-up archive, with everything about it that can be wrong. */
export interface Member {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly packed?: 'stored' | 'deflated';
  /** As Unix has it: 0o100644 is a file, 0o120777 a link. */
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly crc32?: number;
  readonly bytes?: number;
  /** A tar's type, `0` for a file. */
  readonly type?: string;
}

/** A zip archive; `wide` writes sizes and places as zip64. */
export function zipOf(members: readonly Member[], { wide = false, overlap = false } = {}): Buffer {
  const [local, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [n, member] of members.entries()) {
    const content = Buffer.from(member.content ?? '');
    const packed = member.packed === 'deflated' ? deflateRawSync(content) : content;
    const name = Buffer.from(member.path);
    const method = member.method ?? (member.packed === 'deflated' ? 8 : 0);
    const [sum, bytes] = [member.crc32 ?? crc32(content), member.bytes ?? content.length];
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(method, 8);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x0314, 4);
    entry.writeUInt16LE(member.flags ?? 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(sum, 16);
    const headerAt = overlap ? 0 : at;
    const extra = wide ? wideExtra([bytes, packed.length, headerAt]) : Buffer.alloc(0);
    entry.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(wide ? 0xffffffff : bytes, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
    entry.writeUInt32LE(wide ? 0xffffffff : headerAt, 42);
    directory.push(entry, name, extra);
    if (overlap && n > 0) continue;
    local.push(header, name, packed);
    at += header.length + name.length + packed.length;
  }
  return Buffer.concat([...local, ...directory, zipEnd(members.length, Buffer.concat(directory).length, at, wide)]);
}

function wideExtra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, n) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * n));
  return extra;
}

function zipEnd(count: number, bytes: number, at: number, wide: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : count, 10);
  end.writeUInt32LE(wide ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(wide ? 0xffffffff : at, 16);
  if (!wide) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(bytes), 40);
  end64.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + bytes), 8);
  return Buffer.concat([end64, locator, end]);
}

/** A ustar archive, with its two empty blocks at the end. */
export function tarOf(members: readonly Member[]): Buffer {
  return Buffer.concat([...members.flatMap(({ path, content = '', type = '0', bytes, mode = 0o644 }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write(octal(mode, 8), 100);
    header.write(octal(bytes ?? body.length, 12), 124);
    header.write(type, 156);
    header.write(type === '1' || type === '2' ? 'elsewhere' : '', 157);
    header.write('ustar\u000000', 257);
    header.fill(0x20, 148, 156);
    header.write(octal(header.reduce((sum, byte) => sum + byte, 0), 8), 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  }), Buffer.alloc(1024)]);
}

/** A record of a pax header, whose length counts itself. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length) length = String(length).length + Buffer.byteLength(rest);
  return `${length}${rest}`;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\u0000`;
}
