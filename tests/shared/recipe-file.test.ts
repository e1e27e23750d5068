import { expect, test } from 'vitest';
import { RECIPE } from '../../shared/model/recipe.ts';
import { parseRecipe } from '../../shared/model/recipe-file.ts';

function asJson(change: (recipe: Record<string, Record<string, unknown>>) => void = () => {}): unknown {
  const recipe = JSON.parse(JSON.stringify(RECIPE, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))) as Record<string, Record<string, unknown>>;
  change(recipe);
  return recipe;
}

test('the committed recipe, written and read, is itself', () => {
  expect(parseRecipe(asJson())).toEqual(RECIPE);
});

test('every mistake is named by its path', () => {
  const value = asJson((recipe) => {
    delete recipe['validate']!['windowS'];
    recipe['validate']!['strideS'] = '16';
    recipe['validate']!['displacement'] = 5;
    recipe['rewards']!['potMicroPoints'] = -1;
    recipe['ingest']!['mystery'] = 1;
  });
  expect(parseRecipe(value)).toEqual([
    'ingest.mystery is not part of a recipe', 'validate.windowS is missing', 'validate.strideS must be a number', 'validate.displacement must be an object', 'rewards.potMicroPoints must be a whole number',
  ]);
});

test('what is no recipe at all', () => {
  expect(parseRecipe(null)).toEqual(['a recipe must be an object']);
  expect(parseRecipe([])).toEqual(['a recipe must be an object']);
});
