/** A file in, its SHA-256 out; null where it could not be read. Runs beside the page, which goes on answering. */
async function answer({ data }: MessageEvent<File>): Promise<void> {
  const digest = await data.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes), () => null);
  (self as unknown as Worker).postMessage(digest);
}

self.addEventListener('message', (event: MessageEvent<File>) => void answer(event));
