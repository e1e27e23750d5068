/** Waits until it is so, looking every few milliseconds; throws where it does not come about in time. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > limitMs) throw new Error(`it was not so after ${limitMs} ms: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
