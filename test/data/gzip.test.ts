import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { gunzip, isGzip } from "../../src/data/gzip.ts";
import { InputError } from "../../src/spec/input-error.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("isGzip", () => {
  test("recognizes the two bytes of RFC 1952", () => {
    expect(isGzip(gzipSync("a"))).toBe(true);
    expect(isGzip(Uint8Array.of(0x1f, 0x8b))).toBe(true);
    expect(isGzip(Uint8Array.of(0x1f))).toBe(false);
    expect(isGzip(Uint8Array.of(0, 0, 8, 3))).toBe(false);
    expect(isGzip(new Uint8Array())).toBe(false);
  });
});

describe("gunzip", () => {
  test("unpacks what zlib packed, over many chunks", async () => {
    let state = 1;
    const bytes = Uint8Array.from({ length: 100_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    expect(gzipSync(bytes).length).toBeGreaterThan(90_000);
    const unpacked = await gunzip(gzipSync(bytes), bytes.length, "a.gz");
    expect(Buffer.compare(unpacked, bytes)).toBe(0);
    expect(await gunzip(gzipSync(""), 0, "empty.gz")).toEqual(new Uint8Array());
  });

  test("reads only the given view", async () => {
    const file = gzipSync("snow");
    const inside = new Uint8Array(file.length + 20);
    inside.set(file, 7);
    const text = new TextDecoder().decode(await gunzip(inside.subarray(7, 7 + file.length), 100, "a.gz"));
    expect(text).toBe("snow");
  });

  test("accepts output up to the limit and refuses one more byte", async () => {
    const file = gzipSync(new Uint8Array(1000));
    expect((await gunzip(file, 1000, "a.gz")).length).toBe(1000);
    await expect(gunzip(file, 999, "a.gz")).rejects.toThrow(
      new InputError("a.gz unpacks to more than 999 bytes, the limit for such a file."),
    );
  });

  test("stops a gzip bomb near the limit", async () => {
    let unpacked = 0;
    const Original = DecompressionStream;
    vi.stubGlobal(
      "DecompressionStream",
      class {
        readonly writable: WritableStream<BufferSource>;
        readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
        constructor(format: CompressionFormat) {
          const { readable, writable } = new Original(format);
          const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
            transform(chunk, controller) {
              unpacked += chunk.length;
              controller.enqueue(chunk);
            },
          });
          this.writable = writable;
          this.readable = readable.pipeThrough(count);
        }
      },
    );
    const bomb = gzipSync(new Uint8Array(50_000_000));
    const limit = 1_000_000;
    await expect(gunzip(bomb, limit, "bomb.gz")).rejects.toThrow(InputError);
    expect(unpacked).toBeGreaterThan(limit);
    expect(unpacked).toBeLessThanOrEqual(limit + 16_384 * 1032);
  });

  test("refuses every truncation in one sentence", async () => {
    const file = gzipSync("the quick brown fox jumps over the lazy dog");
    const message = "a.gz cannot be unpacked: its gzip data is truncated or damaged.";
    for (let length = 0; length < file.length; length++) {
      await expect(gunzip(file.subarray(0, length), 1000, "a.gz"), `${length}`).rejects.toThrow(
        new InputError(message),
      );
    }
  });

  test("refuses a wrong checksum", async () => {
    const file = gzipSync("the quick brown fox");
    file[file.length - 8] = (file.at(-8) ?? 0) ^ 1;
    await expect(gunzip(file, 1000, "a.gz")).rejects.toThrow("a.gz cannot be unpacked");
  });

  test("throws only InputErrors, and returns no more than the limit, for damaged files", async () => {
    const file = gzipSync(Uint8Array.from({ length: 2000 }, (_, i) => i % 7));
    const change = fc.record({ at: fc.nat(file.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = new Uint8Array(file);
        for (const { at, to } of changes) damaged[at] = to;
        const result = await gunzip(damaged, 2000, "a.gz").catch((error: unknown) => error);
        if (result instanceof Uint8Array) expect(result.length).toBeLessThanOrEqual(2000);
        else expect(result).toBeInstanceOf(InputError);
      }),
    );
  });
});
