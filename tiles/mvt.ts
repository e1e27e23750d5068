import { PbfWriter } from 'pbf';
import { EXTENT } from './mercator.ts';

/**
 * Mapbox Vector Tiles, version 2 (mapbox/vector-tile-spec 2.1). A layer is columns of numbers until it is written:
 * vertices, the parts they form, the features those form. There are no feature ids: H3 indexes exceed 2^53, which
 * browsers round, so they are string properties.
 */
export const POINT = 1;
export const LINE = 2;
export const POLYGON = 3;
export type GeometryType = typeof POINT | typeof LINE | typeof POLYGON;

/** Never a bigint: a value beyond 2^53 is a string. */
export type MvtValue = string | number | boolean;
/** Null: the feature has no such property. */
export type Properties = Readonly<Record<string, MvtValue | null>>;

export interface Layer {
  readonly name: string;
  readonly type: GeometryType;
  readonly keys: Map<string, number>;
  readonly values: Map<MvtValue, number>;
  /** x, y by turns. */
  readonly vertices: Column;
  /** After each part, the length of `vertices`; after each feature, that of `parts` and of `tags`. */
  readonly parts: Column;
  readonly featureParts: Column;
  readonly tags: Column;
  readonly featureTags: Column;
}

/** An array of 32-bit numbers that grows. */
export interface Column {
  data: Int32Array;
  length: number;
}

export function newLayer(name: string, type: GeometryType): Layer {
  return {
    name, type, keys: new Map(), values: new Map(),
    vertices: newColumn(), parts: newColumn(), featureParts: newColumn(), tags: newColumn(), featureTags: newColumn(),
  };
}

/** Adds a point, a line or the outer ring of a polygon in tile units; what rounds to nothing is left out. */
export function addPart(layer: Layer, path: readonly number[]): void {
  const from = layer.vertices.length;
  for (let n = 0; n < path.length; n += 2) addVertex(layer, from, [Math.round(path[n]!), Math.round(path[n + 1]!)]);
  if (layer.type === POLYGON) finishRing(layer, from);
  const vertices = (layer.vertices.length - from) / 2;
  if (vertices < layer.type) layer.vertices.length = from;
  else push(layer.parts, layer.vertices.length);
}

/** Ends the feature that the parts since the last one form; without parts there is none. */
export function endFeature(layer: Layer, properties: Properties): void {
  const before = layer.featureParts.length === 0 ? 0 : layer.featureParts.data[layer.featureParts.length - 1]!;
  if (layer.parts.length === before) return;
  for (const key in properties) {
    const value = properties[key];
    if (value === null || value === undefined) continue;
    push(layer.tags, indexOf(layer.keys, key));
    push(layer.tags, indexOf(layer.values, value));
  }
  push(layer.featureParts, layer.parts.length);
  push(layer.featureTags, layer.tags.length);
}

/** The tile's bytes; layers without features are left out (4.1), so an empty tile is no bytes. */
export function encodeLayers(layers: readonly Layer[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const layer of layers) {
    if (layer.featureParts.length > 0) pbf.writeMessage(3, writeLayer, layer);
  }
  return pbf.finish();
}

/** A repeated vertex would be a LineTo of no length, which 4.3.3 forbids. */
function addVertex({ vertices, type }: Layer, from: number, [x, y]: readonly [number, number]): void {
  const last = vertices.length - 2;
  if (type !== POINT && last >= from && vertices.data[last] === x && vertices.data[last + 1] === y) return;
  push(vertices, x);
  push(vertices, y);
}

/** An outer ring is open here (ClosePath closes it) and runs clockwise on the screen: positive area (4.3.3.3). */
function finishRing({ vertices }: Layer, from: number): void {
  const { data } = vertices;
  let to = vertices.length;
  while (to - from >= 4 && data[from] === data[to - 2] && data[from + 1] === data[to - 1]) to -= 2;
  const area = doubleArea(data, from, to);
  vertices.length = area === 0 ? from : to;
  if (area < 0) reverse(data, from, to);
}

/** Twice the surveyor's area; positive where the ring runs clockwise with y down. */
function doubleArea(data: Int32Array, from: number, to: number): number {
  let area = 0;
  for (let n = from; n < to; n += 2) {
    const next = n + 2 === to ? from : n + 2;
    area += data[n]! * data[next + 1]! - data[next]! * data[n + 1]!;
  }
  return area;
}

function reverse(data: Int32Array, from: number, to: number): void {
  for (let a = from, b = to - 2; a < b; a += 2, b -= 2) {
    for (const n of [0, 1]) [data[a + n], data[b + n]] = [data[b + n]!, data[a + n]!];
  }
}

const MOVE_TO = 1;
const LINE_TO = 2;
const CLOSE_PATH = 7;
const VERSION = 2;

function writeLayer(layer: Layer, pbf: PbfWriter): void {
  pbf.writeVarintField(15, VERSION);
  pbf.writeStringField(1, layer.name);
  for (let feature = 0; feature < layer.featureParts.length; feature += 1) pbf.writeMessage(2, writeFeature, { layer, feature });
  for (const key of layer.keys.keys()) pbf.writeStringField(3, key);
  for (const value of layer.values.keys()) pbf.writeMessage(4, writeValue, value);
  pbf.writeVarintField(5, EXTENT);
}

function writeFeature({ layer, feature }: { layer: Layer; feature: number }, pbf: PbfWriter): void {
  if (startOf(layer.featureTags, feature) < layer.featureTags.data[feature]!) pbf.writeMessage(2, writeTags, { layer, feature });
  pbf.writeVarintField(3, layer.type);
  pbf.writeMessage(4, layer.type === POINT ? writePoints : writePaths, { layer, feature });
}

function writeTags({ layer, feature }: { layer: Layer; feature: number }, pbf: PbfWriter): void {
  for (let n = startOf(layer.featureTags, feature); n < layer.featureTags.data[feature]!; n += 1) pbf.writeVarint(layer.tags.data[n]!);
}

/** All points of a feature are one MoveTo (4.3.3.1). */
function writePoints({ layer, feature }: { layer: Layer; feature: number }, pbf: PbfWriter): void {
  const from = startOf(layer.parts, startOf(layer.featureParts, feature));
  const to = layer.parts.data[layer.featureParts.data[feature]! - 1]!;
  const cursor = { x: 0, y: 0 };
  pbf.writeVarint(command(MOVE_TO, (to - from) / 2));
  for (let n = from; n < to; n += 2) moveCursor(pbf, cursor, layer.vertices.data, n);
}

function writePaths({ layer, feature }: { layer: Layer; feature: number }, pbf: PbfWriter): void {
  const { data } = layer.vertices;
  const cursor = { x: 0, y: 0 };
  for (let part = startOf(layer.featureParts, feature); part < layer.featureParts.data[feature]!; part += 1) {
    const from = startOf(layer.parts, part);
    const to = layer.parts.data[part]!;
    pbf.writeVarint(command(MOVE_TO, 1));
    moveCursor(pbf, cursor, data, from);
    pbf.writeVarint(command(LINE_TO, (to - from) / 2 - 1));
    for (let n = from + 2; n < to; n += 2) moveCursor(pbf, cursor, data, n);
    if (layer.type === POLYGON) pbf.writeVarint(command(CLOSE_PATH, 1));
  }
}

function moveCursor(pbf: PbfWriter, cursor: { x: number; y: number }, data: Int32Array, at: number): void {
  const x = data[at]!;
  const y = data[at + 1]!;
  pbf.writeVarint(zigZag(x - cursor.x));
  pbf.writeVarint(zigZag(y - cursor.y));
  cursor.x = x;
  cursor.y = y;
}

function writeValue(value: MvtValue, pbf: PbfWriter): void {
  if (typeof value === 'string') pbf.writeStringField(1, value);
  else if (typeof value === 'boolean') pbf.writeBooleanField(7, value);
  else if (!Number.isSafeInteger(value)) pbf.writeDoubleField(3, value);
  else if (value < 0) pbf.writeSVarintField(6, value);
  else pbf.writeVarintField(5, value);
}

function command(id: number, count: number): number {
  return ((count << 3) | id) >>> 0;
}

function zigZag(delta: number): number {
  return ((delta << 1) ^ (delta >> 31)) >>> 0;
}

function indexOf<Key>(indexes: Map<Key, number>, key: Key): number {
  const known = indexes.get(key);
  if (known !== undefined) return known;
  indexes.set(key, indexes.size);
  return indexes.size - 1;
}

function startOf(ends: Column, n: number): number {
  return n === 0 ? 0 : ends.data[n - 1]!;
}

function newColumn(): Column {
  return { data: new Int32Array(64), length: 0 };
}

function push(column: Column, value: number): void {
  if (column.length === column.data.length) {
    const grown = new Int32Array(column.data.length * 2);
    grown.set(column.data);
    column.data = grown;
  }
  column.data[column.length] = value;
  column.length += 1;
}
