import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellLayers, COVERAGE, daysOf, passes, type CoverageLook } from '../../viewer/coverage-style.ts';
import { classFilter, classOf, colourExpression, MEASURES, rampClasses, type CellProperties, type Expression } from '../../viewer/ramp.ts';

const TODAY = 20_780;
const cells = fc.record({
  h3: fc.constant('881f1d4893fffff'), resolution: fc.constant(8), frames: fc.integer({ min: 1, max: 200 }),
  contributors: fc.integer({ min: 1, max: 9 }), last: fc.integer({ min: TODAY - 2000, max: TODAY + 1 }), quality: fc.integer({ min: 0, max: 100 }),
}, { requiredKeys: ['h3', 'resolution', 'frames', 'contributors', 'last'] });

describe('the legend and the map read one table', () => {
  test.each(MEASURES)('%s: the class of a cell in the legend has the colour that the map paints it', (measure) => {
    const ramp = rampClasses(measure, 'light', TODAY);
    const paint = colourExpression(measure, ramp);
    fc.assert(fc.property(cells, (cell) => {
      expect(evaluated(paint, cell)).toBe(ramp[classOf(cell, measure, ramp)]!.colour);
    }));
  });

  test.each(MEASURES)('%s: a class that is switched off, and no other, leaves the map', (measure) => {
    const ramp = rampClasses(measure, 'dark', TODAY);
    fc.assert(fc.property(cells, fc.subarray(ramp.map(({ index }) => index)), (cell, off) => {
      const filter = classFilter(measure, ramp, off);
      const shown = filter === null || evaluated(filter, cell) === true;
      expect(shown).toBe(!off.includes(classOf(cell, measure, ramp)));
    }));
  });

  test('the bounds are those of the specification', () => {
    expect(rampClasses('freshness', 'light', TODAY).map(({ bound }) => bound)).toEqual([7, 30, 90, 365, null]);
    expect(rampClasses('count', 'light', TODAY).map(({ bound }) => bound)).toEqual([50, 15, 5, 2, null]);
    expect(rampClasses('quality', 'light', TODAY).map(({ bound }) => bound)).toEqual([75, 50, 25, null, null]);
    const fresh = rampClasses('freshness', 'light', TODAY);
    expect([0, 7, 8, 30, 31, 90, 91, 365, 366].map((age) => classOf({ last: TODAY - age }, 'freshness', fresh))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4]);
    expect([1, 2, 4, 5, 14, 15, 49, 50].map((frames) => classOf({ frames }, 'count', rampClasses('count', 'light', TODAY)))).toEqual([4, 3, 3, 2, 2, 1, 1, 0]);
    expect(classOf({}, 'quality', rampClasses('quality', 'light', TODAY))).toBe(4);
  });

  test('one filter decides for the map and for the lists', () => {
    const look: CoverageLook = {
      theme: 'light', measure: 'count', ramp: rampClasses('count', 'light', TODAY), off: [1], since: { days: 30 }, today: TODAY, quality: 0.5, visible: true,
    };
    const filter = cellLayers(look).find(({ id }) => id === COVERAGE.cells)!.filter!;
    fc.assert(fc.property(cells, (cell) => {
      expect(evaluated(filter, cell)).toBe(passes(cell, look) && classOf(cell, 'count', look.ramp) !== 1);
    }));
    expect(daysOf({ from: '2026-11-01', to: '2026-11-02' }, TODAY)).toEqual([20_758, 20_759]);
  });
});

/** As much of MapLibre's expressions as the style uses, read strictly: an operator that is not known throws. */
function evaluated(expression: unknown, cell: Partial<CellProperties>): unknown {
  if (!Array.isArray(expression)) return expression;
  const [operator, ...args] = expression as unknown as [string, ...unknown[]];
  const values = (): unknown[] => args.map((arg) => evaluated(arg, cell));
  switch (operator) {
    case 'get': return cell[args[0] as keyof CellProperties];
    case 'has': return cell[args[0] as keyof CellProperties] !== undefined;
    case 'all': return values().every((value) => value === true);
    case '==': return values()[0] === values()[1];
    case '>=': return (values()[0] as number) >= (values()[1] as number);
    case '<=': return (values()[0] as number) <= (values()[1] as number);
    case 'to-number': return values().find((value) => typeof value === 'number');
    case 'case': return evaluated(args[evaluated(args[0], cell) === true ? 1 : 2], cell);
    case 'step': return stepped(args as unknown as Expression, cell);
    default: throw new Error(`the test does not know ${operator}`);
  }
}

function stepped([input, first, ...stops]: Expression, cell: Partial<CellProperties>): unknown {
  const value = evaluated(input, cell) as number;
  let found: unknown = first;
  for (let n = 0; n < stops.length; n += 2) {
    expect(n === 0 || (stops[n] as number) > (stops[n - 2] as number), 'stops ascend').toBe(true);
    if (value >= (stops[n] as number)) found = stops[n + 1];
  }
  return found;
}
