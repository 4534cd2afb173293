import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readProfile, srgbDecode, srgbEncode } from "../../src/data/colour-profile.ts";
import { withProfile } from "../cli/made-pictures.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

/** A profile that comes with libvips, out of a picture that it is attached to. */
async function profileOf(name: "srgb" | "p3"): Promise<Uint8Array> {
  const create = { width: 1, height: 1, channels: 3, background: "black" } as const;
  const { icc } = await sharp(await sharp({ create }).withIccProfile(name).png().toBuffer()).metadata();
  if (!icc) throw new Error("There is no profile.");
  return icc;
}

/** A grey profile with one tone curve: parametric function 0, value ^ gamma. */
function greyProfile(gamma: number): Uint8Array {
  const bytes = new Uint8Array(160);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from("GRAYXYZ ", "latin1"), 16);
  view.setUint32(128, 1);
  bytes.set(Buffer.from("kTRC", "latin1"), 132);
  view.setUint32(136, 144);
  view.setUint32(140, 16);
  bytes.set(Buffer.from("para", "latin1"), 144);
  view.setInt32(156, Math.round(65_536 * gamma));
  return bytes;
}

describe("a colour profile", () => {
  test("that is sRGB changes nothing", async () => {
    expect(readProfile(await profileOf("srgb"), 3, "a.png")).toBeUndefined();
  });

  test("of Display P3 gives the same numbers as Little CMS, and the inverse leads back", async () => {
    const profile = readProfile(await profileOf("p3"), 3, "a.png");
    const count = 500;
    const samples = new MadeNumbers("p3").bytes(3 * count);
    const raw = { width: count, height: 1, channels: 3 } as const;
    const file = withProfile(await sharp(samples, { raw }).png().toBuffer(), await profileOf("p3"));
    const converted = await sharp(file).raw().toBuffer();
    const pixel = new Float64Array(3);
    let largest = 0;
    for (let index = 0; index < count; index++) {
      pixel.set([0, 1, 2].map((channel) => (samples[3 * index + channel] ?? 0) / 255));
      const before = pixel.slice();
      profile?.toSrgb(pixel);
      const inside = pixel.every((value) => value >= 0 && value <= 1);
      pixel.forEach((value, channel) => {
        const level = Math.min(Math.max(255 * value, 0), 255);
        largest = Math.max(largest, Math.abs(level - (converted[3 * index + channel] ?? 0)));
      });
      profile?.fromSrgb(pixel);
      if (!inside) continue;
      pixel.forEach((value, channel) => {
        expect(value).toBeCloseTo(before[channel] ?? Number.NaN, 5);
      });
    }
    // It computes bytes through tables, and rounds.
    expect(largest).toBeLessThan(1.5);
  });

  test("of grey converts by its curve and back", () => {
    const profile = readProfile(greyProfile(1.8), 1, "a.png");
    for (const value of [0, 0.01, 0.2, 0.5, 0.9, 1]) {
      const pixel = Float64Array.of(value);
      profile?.toSrgb(pixel);
      expect(pixel[0]).toBeCloseTo(srgbEncode(value ** 1.8), 5);
      profile?.fromSrgb(pixel);
      expect(pixel[0]).toBeCloseTo(value, 4);
    }
    expect(srgbDecode(srgbEncode(0.3))).toBeCloseTo(0.3, 12);
  });

  test("is refused in a sentence when it is for other colours, damaged or of tables", async () => {
    const p3 = await profileOf("p3");
    expect(() => readProfile(p3, 1, "a.png")).toThrow(
      "a.png has a colour profile for RGB, but it is a picture of grey: save it with a profile of its own colours, or without one.",
    );
    expect(() => readProfile(p3.subarray(0, 140), 3, "a.png")).toThrow("a.png has a damaged colour profile");
    const tables = p3.slice();
    tables.set(Buffer.from("Lab ", "latin1"), 20);
    expect(() => readProfile(tables, 3, "a.png")).toThrow("a.png has a colour profile of tables, but only");
  });
});
