import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditPath, inLeafOrder, leafHash, merkleRoot, rootFrom } from '../../../tiles/rewards/merkle.ts';

const hash = (...parts: readonly (Buffer | string)[]): Buffer => parts.reduce((sofar, part) => sofar.update(part), createHash('sha256')).digest();
const leaves = fc.uniqueArray(fc.record({ name: fc.nat(1_000_000), amount: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }), { selector: ({ name }) => name, minLength: 1, maxLength: 40 })
  .map((all) => inLeafOrder(all.map(({ name, amount }) => ({ pseudonym: hash(String(name)), amount }))));

test('the empty tree, one leaf, and three leaves are those of RFC 6962', () => {
  expect(merkleRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const [a, b, c] = ['a', 'b', 'c'].map((name) => hash(name)) as [Buffer, Buffer, Buffer];
  expect(merkleRoot([a])).toEqual(a);
  const one = Buffer.of(1);
  expect(merkleRoot([a, b, c])).toEqual(hash(one, hash(one, a, b), c));
});

test('a leaf is the pseudonym and the amount, and cannot be taken for a node', () => {
  const pseudonym = hash('x');
  expect(leafHash({ pseudonym, amount: 258n })).toEqual(hash(Buffer.of(0), pseudonym, Buffer.from('0000000000000102', 'hex')));
});

test('every leaf comes to the root by its path, and by no other place or amount', () => {
  fc.assert(fc.property(leaves, fc.nat(), (all, pick) => {
    const hashes = all.map(leafHash);
    const root = merkleRoot(hashes);
    const index = pick % all.length;
    const place = { index, count: all.length };
    expect(rootFrom(hashes[index]!, place, auditPath(hashes, index))).toEqual(root);
    const richer = leafHash({ ...all[index]!, amount: all[index]!.amount + 1n });
    expect(rootFrom(richer, place, auditPath(hashes, index))).not.toEqual(root);
    expect(merkleRoot(hashes.with(index, richer))).not.toEqual(root);
  }));
});
