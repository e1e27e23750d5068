/**
 * Gathers a stream of pieces of any size into parts of exactly `size` bytes, the last one shorter (and none where there
 * are no bytes); `see` gets every piece as it comes.
 */
export async function* inParts(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  size: number,
  see: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of pieces) {
    see(piece);
    let rest = piece;
    while (heldBytes + rest.length >= size) {
      const taken = rest.subarray(0, size - heldBytes);
      yield Buffer.concat([...held, taken]);
      rest = rest.subarray(taken.length);
      held = [];
      heldBytes = 0;
    }
    if (rest.length === 0) continue;
    held.push(rest);
    heldBytes += rest.length;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
  return undefined;
}
