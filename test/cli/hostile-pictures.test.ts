import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { PictureFile } from "../../src/cli/picture-file.ts";
import { readFolder } from "../../src/cli/picture-folder.ts";
import { Dice } from "../fuzz/dice.ts";
import { faultOfSentence } from "../fuzz/examine.ts";
import { mutateBytes } from "../fuzz/mutate.ts";

/** All paths here are absolute. */
const here = { folder: "/" };

const folder = mkdtempSync(join(tmpdir(), "unsnow-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A chunk of a PNG file, with a valid checksum. */
function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A grey PNG file that claims a size, with a few rows of zeros. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toMatchObject({ name: "InputError" });
  const { message } = error as Error;
  expect(faultOfSentence(message)).toBeUndefined();
  return message;
}

describe("a picture file that claims to be huge", () => {
  test.each([
    [1_000_000_000, 1_000_000_000],
    [2_147_483_647, 2_147_483_647],
    [4_294_967_295, 1],
    [100_000, 100_000],
  ])("of %d x %d pixels is refused by its header", async (width, height) => {
    const before = process.resourceUsage().maxRSS;
    const path = write("huge.png", png(width, height));
    expect(await refusal(PictureFile.open(here, path))).toContain("huge.png");
    expect(await refusal(readFolder(here, folder, 1))).toContain("huge.png");
    // maxRSS is in KiB and never decreases: decoding a picture of such a size would have taken 10 GB or more.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
  });
});

/** Reads all of a file, and writes it again. */
async function readAndEncode(path: string): Promise<void> {
  const file = await PictureFile.open(here, path);
  for (let page = 0; page < file.pages; page++) await file.page(page, () => ({ low: 0, high: 255 }));
  await file.encode();
}

describe("a damaged picture file", () => {
  test.each(["png", "jpeg", "webp", "tiff"] as const)(
    "of the format %s is read or refused in one sentence",
    async (format) => {
      const create = { width: 24, height: 16, channels: 3, background: "#864" } as const;
      const [good, other] = await Promise.all(
        [90, 20].map((quality) => sharp({ create }).toFormat(format, { quality }).toBuffer()),
      );
      if (!good || !other) throw new Error("There is no picture to damage.");
      const inputs = 40;
      let refused = 0;
      for (let number = 0; number < inputs; number++) {
        const bytes = mutateBytes(new Uint8Array(good), new Uint8Array(other), new Dice(1, number));
        const path = write(`${number}.${format}`, bytes);
        const fault = await readAndEncode(path).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (fault === undefined) continue;
        refused += 1;
        expect(fault, `input ${number}`).toMatchObject({ name: "InputError" });
        expect(faultOfSentence((fault as Error).message), `input ${number}`).toBeUndefined();
      }
      expect(refused).toBeGreaterThan(0);
      expect(refused).toBeLessThan(inputs);
    },
  );
});
