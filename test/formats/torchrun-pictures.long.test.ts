// Exported PyTorch projects read the same samples of pictures as unsnow, to the bit: PyTorch takes seconds to start.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { encodeTiff, type TiffPage } from "../../src/cli/tiff-file.ts";
import { loadImageData } from "../../src/cli/train-inputs.ts";
import { rangeText } from "../../src/data/sample-range.ts";
import { fullRange, sameRange } from "../../src/data/samples.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { modelRun, torchrunFiles } from "../../src/formats/torchrun.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { formatOf } from "../../src/training/run-data.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { findPython, runPython } from "../support/python.ts";
import { shortRun } from "../training/run-fixture.ts";

const python = findPython("torch", "numpy", "PIL");
const folder = mkdtempSync(join(tmpdir(), "unsnow-torch-pictures-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [rows, columns] = [6, 5];
const raw = (channels: 1 | 2 | 3 | 4) => ({ raw: { width: columns, height: rows, channels } });
const numbers = new MadeNumbers("torch pictures");
const bytes = (channels: number) => numbers.bytes(rows * columns * channels);
const deep = (most: number) =>
  Uint16Array.from({ length: rows * columns }, () => Math.floor(numbers.next(0, most + 0.99)));
const page = (samples: TiffPage["samples"]): TiffPage => ({ rows, columns, channels: 1, samples });
const anyTiff = () => sharp(bytes(1), raw(1)).toColourspace("b-w").tiff().toBuffer();
/** A file of these pages, and of as many again. */
const tiff = async (...pages: readonly TiffPage["samples"][]) =>
  encodeTiff([...pages, ...pages].map(page), await anyTiff(), "made.tif");
const grey16 = (samples: Uint16Array) => sharp(samples, raw(1)).toColourspace("grey16").png().toBuffer();

type Files = Readonly<Record<string, () => Promise<Uint8Array>>>;

const eight: Files = {
  "alpha.png": () => sharp(bytes(4), raw(4)).png().toBuffer(),
  "grey-alpha.png": () => sharp(bytes(2), raw(2)).toColourspace("b-w").png().toBuffer(),
  "p3.png": () => sharp(bytes(3), raw(3)).withIccProfile("p3").png().toBuffer(),
  "srgb.tif": () => sharp(bytes(3), raw(3)).withIccProfile("srgb").tiff().toBuffer(),
  "turned.png": () =>
    sharp(bytes(3), { raw: { width: rows, height: columns, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer(),
  "palette.png": () => sharp(bytes(3), raw(3)).png({ palette: true, colours: 8 }).toBuffer(),
};

describe.skipIf(python === undefined)("the samples of pictures in PyTorch", () => {
  test.each<[string, Files, { colour?: boolean; range?: { low: number; high: number } }]>([
    ["8 bits in grey", eight, {}],
    ["8 bits in colour", eight, { colour: true }],
    ["8 bits of a range", eight, { range: { low: 16, high: 235 } }],
    ["16 bits", { "a.png": () => grey16(deep(65_535)), "b.tif": () => tiff(deep(65_535), deep(30_000)) }, {}],
    ["12 bits in 16", { "a.tif": () => tiff(deep(4095), deep(2000)), "b.png": () => grey16(deep(3000)) }, {}],
    [
      "floats",
      { "a.tif": () => tiff(numbers.floats(30, 0, 1)), "b.tif": () => tiff(numbers.floats(30, 0, 1)) },
      {},
    ],
    [
      "floats of a range",
      { "a.tif": () => tiff(numbers.floats(30, -1, 3)), "b.tif": () => tiff(numbers.floats(30, -1, 3)) },
      { range: { low: -1, high: 2 } },
    ],
    [
      "signed 16 bits",
      {
        "a.tif": () => tiff(Int16Array.from(deep(4000), (value) => value - 1000)),
        "b.tif": () => tiff(Int16Array.from(deep(4000), (value) => value - 1000)),
      },
      { range: { low: -1000, high: 3000 } },
    ],
    [
      "8 and 16 bits",
      {
        "a.png": () => sharp(bytes(3), raw(3)).png().toBuffer(),
        "b.png": () => grey16(deep(65_535)),
        "c.png": () => grey16(deep(65_535)),
      },
      {},
    ],
  ])("%s", async (name, files, options) => {
    const place = join(folder, name);
    mkdirSync(join(place, "pictures"), { recursive: true });
    for (const [file, make] of Object.entries(files))
      writeFileSync(join(place, "pictures", file), await make());
    const places = { folder: place, program: place };
    const data = await loadImageData(places, { data: "pictures", ...options }, {});
    const { bits, range } = formatOf(data);
    const channels = options.colour ? 3 : 1;
    const spec = shortRun({ hidden: [3], noise: noNoise, epochs: 1, loss: "mse" });
    const network = autoencoder([rows, columns], spec.hidden, { channels });
    const run = {
      ...modelRun({ network, layers: initialWeights(network, 0) }, spec),
      spec,
      data: {
        data: "pictures",
        colour: channels === 3,
        ...(!sameRange(range, fullRange(bits)) && { range: rangeText(range) }),
      },
      fingerprint: await fingerprintOf(data),
    };
    for (const [file, content] of torchrunFiles(run)) writeFileSync(join(place, file), content);
    // It refuses samples whose SHA-256 is another one.
    const outcome = await runPython(python ?? "", ["train.py"], { cwd: place });
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
  });
});
