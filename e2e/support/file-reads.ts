import type { Page } from "@playwright/test";

/** Runs in the page before it loads: counts how often the page itself, not its Worker, reads a file. */
export function countReads(): void {
  const seen = { reads: 0 };
  Object.assign(window, { seen });
  for (const method of ["arrayBuffer", "bytes", "stream", "text"]) {
    const read: unknown = Reflect.get(Blob.prototype, method);
    if (typeof read !== "function") continue;
    Reflect.set(Blob.prototype, method, function (this: Blob) {
      seen.reads += 1;
      return Reflect.apply(read, this, []);
    });
  }
  Reflect.set(FileReader.prototype, "readAsArrayBuffer", () => {
    seen.reads += 1;
  });
}

/** The number of file reads that `countReads` has counted. */
export function readsOf(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { seen: { reads: number } }).seen.reads);
}
