import { RECIPE, type Recipe } from './recipe.ts';

/**
 * A recipe from JSON: exactly the members of the committed one, each of its kind; whole micro-points and units may be
 * numbers or decimal strings. Mistakes instead, named by their path, where it is none.
 */
export function parseRecipe(value: unknown): Recipe | readonly string[] {
  const mistakes: string[] = [];
  const recipe = like(RECIPE, value, { path: '', mistakes });
  return mistakes.length > 0 ? mistakes : (recipe as Recipe);
}

interface Place {
  readonly path: string;
  readonly mistakes: string[];
}

function like(model: unknown, value: unknown, place: Place): unknown {
  if (typeof model === 'bigint') return wholeNumber(value, place);
  if (typeof model === 'object' && model !== null) return members(model, value, place);
  if (typeof value !== typeof model || (typeof value === 'number' && !Number.isFinite(value))) place.mistakes.push(`${place.path} must be a ${typeof model}`);
  return value;
}

function wholeNumber(value: unknown, { path, mistakes }: Place): bigint {
  if ((typeof value === 'string' && /^\d+$/.test(value)) || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) return BigInt(value);
  mistakes.push(`${path} must be a whole number`);
  return 0n;
}

function members(model: object, value: unknown, { path, mistakes }: Place): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(model)) {
    mistakes.push(`${path === '' ? 'a recipe' : path} must be ${Array.isArray(model) ? 'a list' : 'an object'}`);
    return value;
  }
  const known = Object.keys(model);
  const given = Object.keys(value);
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of known.filter((name) => !given.includes(name))) mistakes.push(`${at(name)} is missing`);
  for (const name of given.filter((name) => !known.includes(name))) mistakes.push(`${at(name)} is not part of a recipe`);
  const read = known.filter((name) => given.includes(name)).map((name) => [name, like(Reflect.get(model, name), Reflect.get(value, name), { path: at(name), mistakes })] as const);
  return Array.isArray(model) ? read.map(([, item]) => item) : Object.fromEntries(read);
}
