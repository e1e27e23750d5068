import { PbfReader } from 'pbf';

/** What a tile breaks of the vector-tile-spec, version 2; empty where it is valid. Shares no code with the encoder. */
export function mvtProblems(bytes: Uint8Array): readonly string[] {
  const problems: string[] = [];
  try {
    const names = fieldsOf(bytes).map(({ tag, value }) => {
      need(tag === 3 && value instanceof Uint8Array, `tile field ${tag}`);
      return checkLayer(value as Uint8Array);
    });
    need(new Set(names).size === names.length, 'two layers of one name');
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return problems;
}

interface Field {
  readonly tag: number;
  /** Bytes of a length-delimited field, else the number with its wire type. */
  readonly value: Uint8Array | { readonly wire: number; readonly number: number };
}

function need(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const pbf = new PbfReader(bytes);
  const fields: Field[] = [];
  while (pbf.pos < pbf.length) {
    const key = pbf.readVarint();
    const wire = key & 7;
    fields.push({ tag: key >>> 3, value: wire === 2 ? bytesOf(pbf) : { wire, number: numberOf(pbf, wire) } });
  }
  need(pbf.pos === pbf.length, 'a field reaches over the end');
  return fields;
}

function bytesOf(pbf: PbfReader): Uint8Array {
  const length = pbf.readVarint();
  need(pbf.pos + length <= pbf.length, 'a length reaches over the end');
  pbf.pos += length;
  return pbf.buf.subarray(pbf.pos - length, pbf.pos);
}

function numberOf(pbf: PbfReader, wire: number): number {
  if (wire === 0) return pbf.readVarint();
  if (wire === 1) return pbf.readDouble();
  need(wire === 5, `wire type ${wire}`);
  return pbf.readFloat();
}

function checkLayer(bytes: Uint8Array): string {
  const fields = fieldsOf(bytes);
  const wires: Record<number, number> = { 1: 2, 2: 2, 3: 2, 4: 2, 5: 0, 15: 0 };
  for (const { tag, value } of fields) need(wires[tag] === wireOf(value), `layer field ${tag} of wire type ${wireOf(value)}`);
  const one = (tag: number) => fields.filter((field) => field.tag === tag);
  need(one(1).length === 1 && (one(1)[0]!.value as Uint8Array).length > 0, 'a layer has no name');
  need(one(15).length === 1 && [1, 2].includes(numberIn(one(15)[0]!)), 'a layer has no version 1 or 2');
  need(one(5).length <= 1, 'a layer has two extents');
  const texts = (tag: number) => one(tag).map(({ value }) => new TextDecoder('utf-8', { fatal: true }).decode(value as Uint8Array));
  const keys = texts(3);
  one(4).forEach(({ value }) => checkValue(value as Uint8Array));
  one(2).forEach(({ value }) => checkFeature(value as Uint8Array, keys.length, one(4).length));
  return texts(1)[0]!;
}

function checkValue(bytes: Uint8Array): void {
  const fields = fieldsOf(bytes);
  const wires: Record<number, number> = { 1: 2, 2: 5, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0 };
  need(fields.length === 1, 'a value is not one value');
  need(wires[fields[0]!.tag] === wireOf(fields[0]!.value), `value field ${fields[0]!.tag}`);
}

function checkFeature(bytes: Uint8Array, keys: number, values: number): void {
  const fields = fieldsOf(bytes);
  const wires: Record<number, number> = { 1: 0, 2: 2, 3: 0, 4: 2 };
  for (const { tag, value } of fields) need(wires[tag] === wireOf(value), `feature field ${tag}`);
  const of = (tag: number) => fields.filter((field) => field.tag === tag);
  need(of(3).length === 1 && numberIn(of(3)[0]!) <= 3, 'a feature has no geometry type');
  need(of(4).length === 1, 'a feature has no geometry or two');
  const tags = of(2).flatMap(({ value }) => varints(value as Uint8Array));
  need(tags.length % 2 === 0, 'half a tag');
  need(tags.every((index, n) => index < (n % 2 === 0 ? keys : values)), 'a tag points to nothing');
  checkGeometry(numberIn(of(3)[0]!), varints(of(4)[0]!.value as Uint8Array));
}

interface Step {
  readonly id: number;
  readonly count: number;
  readonly deltas: readonly number[];
}

function checkGeometry(type: number, commands: readonly number[]): void {
  const steps = stepsOf(commands);
  need(steps.length > 0, 'an empty geometry');
  const shape = steps.map(({ id, count }) => `${id}:${id === 1 && type !== 1 ? count : count >= 2 ? '2+' : count}`).join(' ');
  if (type === 1) need(/^1:(1|2\+)$/.test(shape), `a point of ${shape}`);
  if (type === 2) need(/^1:1 2:(1|2\+)( 1:1 2:(1|2\+))*$/.test(shape), `a line of ${shape}`);
  if (type === 3) need(/^1:1 2:2\+ 7:1( 1:1 2:2\+ 7:1)*$/.test(shape), `a polygon of ${shape}`);
  if (type !== 1) {
    for (const { id, deltas } of steps.filter(({ id }) => id === 2)) {
      for (let n = 0; n < deltas.length; n += 2) need(deltas[n] !== 0 || deltas[n + 1] !== 0, `command ${id} without length`);
    }
  }
  if (type === 3) checkRings(steps);
}

function stepsOf(commands: readonly number[]): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < commands.length; ) {
    const id = commands[at]! & 7;
    const count = commands[at]! >>> 3;
    need(id === 1 || id === 2 || id === 7, `command ${id}`);
    need(count > 0, `command ${id} of count 0`);
    const size = id === 7 ? 0 : count * 2;
    need(id !== 7 || count === 1, `ClosePath of count ${count}`);
    need(at + 1 + size <= commands.length, 'a command lacks its parameters');
    steps.push({ id, count, deltas: commands.slice(at + 1, at + 1 + size).map((value) => (value >>> 1) ^ -(value & 1)) });
    at += 1 + size;
  }
  return steps;
}

/** The first ring is an outer one: positive area by the surveyor's formula; none has no area. */
function checkRings(steps: readonly Step[]): void {
  let x = 0;
  let y = 0;
  let ring: (readonly [number, number])[] = [];
  let rings = 0;
  for (const { id, deltas } of steps) {
    for (let n = 0; n < deltas.length; n += 2) {
      x += deltas[n]!;
      y += deltas[n + 1]!;
      ring.push([x, y]);
    }
    if (id !== 7) continue;
    const area = ring.reduce((sum, [ax, ay], n) => {
      const [bx, by] = ring[(n + 1) % ring.length]!;
      return sum + ax * by - bx * ay;
    }, 0);
    need(area !== 0 && (rings > 0 || area > 0), 'a ring of the wrong winding');
    rings += 1;
    ring = [];
  }
}

function varints(bytes: Uint8Array): readonly number[] {
  const pbf = new PbfReader(bytes);
  const read: number[] = [];
  while (pbf.pos < pbf.length) read.push(pbf.readVarint());
  return read;
}

function wireOf(value: Field['value']): number {
  return value instanceof Uint8Array ? 2 : value.wire;
}

function numberIn({ value }: Field): number {
  return (value as { number: number }).number;
}
