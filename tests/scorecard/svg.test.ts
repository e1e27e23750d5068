import sax from 'sax';
import { expect, test } from 'vitest';
import { rocSvg } from './svg.ts';

/** Elements of a strict XML document by name; throws where it is none. */
function elements(xml: string): ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> {
  const found = new Map<string, Readonly<Record<string, string>>[]>();
  const parser = Object.assign(sax.parser(true), {
    onerror: (error: Error) => { throw error; },
    onopentag: ({ name, attributes }: sax.Tag | sax.QualifiedTag) => void found.set(name, [...(found.get(name) ?? []), attributes as Record<string, string>]),
  });
  parser.write(xml).close();
  return found;
}

const curve = [{ fpr: 0, tpr: 0 }, { fpr: 0.001, tpr: 0.2 }, { fpr: 0.01, tpr: 0.5 }, { fpr: 1, tpr: 1 }];

test('a plot is well-formed, names its lines, and is described to who cannot see it', () => {
  const svg = rocSvg({ title: 'A < B & "C"', description: 'found > missed', lines: [{ name: 'ours & theirs', points: curve }, { name: 'none', points: [] }] });
  const found = elements(svg);
  expect(found.get('svg')).toHaveLength(1);
  expect(svg).toContain('<title id="t">A &lt; B &amp; &quot;C&quot;</title>');
  expect(svg).toContain('ours &amp; theirs');
  expect(svg).toContain('prefers-color-scheme:dark');
});

test('a curve lies inside its plot, and rates are spaced by their logarithm', () => {
  const paths = elements(rocSvg({ title: '', description: '', lines: [{ name: 'x', points: curve }] })).get('path')!.map(({ d }) => d!);
  const drawn = paths.find((d) => /^M[\d.]+ [\d.]+L[\d.]+ [\d.]+L/.test(d))!;
  const points = [...drawn.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  // The point at rate 0 has no place on a logarithmic axis.
  expect(points).toHaveLength(3);
  const [first, second, last] = points.map(([x]) => x);
  expect((second! - first!) * 3).toBeCloseTo(last! - first!, 0);
  for (const [x, y] of points) expect(x >= 64 && x <= 520 && y >= 48 && y <= 388).toBe(true);
});
