import { readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { denoised, goldenFile, readModel } from "./fixtures.ts";
import { madePicture, madeSamples, negativeModel, negativeOf, samplesOf } from "./made-pictures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const denoise = (...args: readonly string[]) => unsnow(["denoise", ...args], { cwd: folder() });

beforeAll(() => {
  writeFileSync(folder("negative"), negativeModel(1));
  writeFileSync(folder("negative-colour"), negativeModel(3));
});

test.each([
  ["grey.png", () => madePicture(1, 8).png()],
  ["grey-alpha.png", () => madePicture(2, 8).png()],
  ["colour.png", () => madePicture(3, 8).png()],
  ["colour-alpha.png", () => madePicture(4, 8).png()],
  ["grey-16.png", () => madePicture(1, 16).png()],
  ["grey-alpha-16.png", () => madePicture(2, 16).png()],
  ["colour-alpha-16.png", () => madePicture(4, 16).png()],
  ["colour-16.tif", () => madePicture(3, 16).tiff({ compression: "lzw" })],
  ["grey-16.tiff", () => madePicture(1, 16).tiff({ compression: "none" })],
  ["colour-alpha.tiff", () => madePicture(4, 8).tiff({ compression: "none" })],
  ["lossless.webp", () => madePicture(4, 8).webp({ lossless: true, exact: true })],
])("the result for %s is the network's output, and alpha, bits and profile are kept", async (name, make) => {
  const profiled = make()
    .withIccProfile("srgb")
    .withExif({ IFD0: { Copyright: "someone" } });
  writeFileSync(folder(name), await (name.startsWith("grey") ? make() : profiled).toBuffer());
  const before = await samplesOf(folder(name));
  // The network for one kind of picture denoises the other kind too.
  for (const model of ["negative", "negative-colour"]) {
    const { code, stderr } = await denoise("--model", model, name, "--out", model.replace("negative", "out"));
    expect({ code, fault: /^unsnow.*/m.exec(stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    const after = await samplesOf(folder(`${model.replace("negative", "out")}/${name}`));
    const expected = negativeOf(before.samples, name.includes("-16") ? 65_535 : 255);
    // Float32's last digits, divided by alpha.
    const slack = name.includes("alpha") || name.includes("webp") ? 1 : 0;
    const differences = expected.map((sample, index) =>
      Math.abs(sample - (after.samples[index] ?? Number.NaN)),
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(slack);
    for (const key of ["format", "depth", "space", "channels", "hasAlpha"] as const) {
      expect({ [key]: after.metadata[key] }).toEqual({ [key]: before.metadata[key] });
    }
    expect(after.metadata.icc).toEqual(before.metadata.icc);
    if (before.metadata.exif) expect(after.metadata.exif?.includes("someone")).toBe(true);
  }
});

test.each([8, 16] as const)("%i bits: the values equal those of float64", async (bits) => {
  const model = readModel(goldenFile("odd", "final.safetensors"));
  const most = 2 ** bits - 1;
  const samples = madeSamples(bits === 8 ? new Uint8Array(2 * 35) : new Uint16Array(2 * 35));
  // Opaque, because the network sees what lies over white.
  for (let index = 1; index < samples.length; index += 2) samples[index] = most;
  const raw = { width: 7, height: 5, channels: 2 } as const;
  const name = `values-${bits}.png`;
  const space = bits === 8 ? "b-w" : "grey16";
  writeFileSync(folder(name), await sharp(samples, { raw }).toColourspace(space).png().toBuffer());
  const { code } = await denoise("--model", goldenFile("odd", "final.safetensors"), name, "--out", "values");
  expect(code).toBe(0);
  const after = await samplesOf(folder(`values/${name}`));
  const grey = Array.from(samples).filter((_, index) => index % 2 === 0);
  expect(after.metadata.channels).toBe(2);
  const expected = denoised(
    model,
    grey.map((sample) => sample / most),
  );
  expected.forEach((value, pixel) => {
    // Rounded to a sample, with float32's last digits before: 1e-6 of 65535.
    expect(Math.abs((after.samples[4 * pixel] ?? Number.NaN) - most * value)).toBeLessThan(0.57);
    expect(after.samples[4 * pixel + 3]).toBe(samples[2 * pixel + 1]);
  });
});

test("lossy formats keep their format, profile and chroma, and are rotated upright once", async () => {
  const slope = Uint8Array.from({ length: 40 * 24 * 3 }, (_, index) => 40 + (index % 120) + index / 60);
  const smooth = sharp(slope, { raw: { width: 40, height: 24, channels: 3 } });
  const jpeg = smooth.clone().withIccProfile("srgb").withMetadata({ orientation: 6 });
  writeFileSync(folder("turned.jpg"), await jpeg.jpeg({ chromaSubsampling: "4:4:4" }).toBuffer());
  const alpha = smooth.clone().ensureAlpha(0.3);
  writeFileSync(folder("lossy.webp"), await alpha.webp({ quality: 80 }).toBuffer());
  const { code } = await denoise("--model", "negative", "turned.jpg", "lossy.webp", "--out", "lossy");
  expect(code).toBe(0);
  const turned = await samplesOf(folder("lossy/turned.jpg"));
  expect(turned.metadata).toMatchObject({
    ...{ format: "jpeg", width: 24, height: 40, chromaSubsampling: "4:4:4" },
  });
  expect(turned.metadata.autoOrient).toEqual({ width: 24, height: 40 });
  expect(turned.metadata.icc).toEqual((await sharp(folder("turned.jpg")).metadata()).icc);
  const before = await samplesOf(folder("turned.jpg"));
  negativeOf(before.samples, 255).forEach((value, index) => {
    expect(Math.abs(value - (turned.samples[index] ?? Number.NaN))).toBeLessThanOrEqual(3);
  });
  const webp = await samplesOf(folder("lossy/lossy.webp"));
  expect(webp.metadata).toMatchObject({ format: "webp", width: 40, height: 24 });
  expect(new Set(webp.samples.filter((_, index) => index % 4 === 3))).toEqual(
    new Set([Math.floor(0.3 * 255)]),
  );
  expect(readFileSync(folder("lossy/lossy.webp")).includes("VP8L")).toBe(false);
});
