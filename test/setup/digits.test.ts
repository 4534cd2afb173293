import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { digitFiles } from "../../vite/digits.ts";

const files = digitFiles();
const images = gunzipSync(files.images);
const labels = gunzipSync(files.labels);

/** The package's values of one digit, [images * 784], from 0 to 1. */
function published(label: number): number[] {
  const path = createRequire(import.meta.url).resolve(`mnist/src/digits/${label}.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { data: number[] }).data;
}

test("both are IDX files of unsigned bytes: 10,000 images of 28 x 28, and 10,000 labels", () => {
  expect(images.subarray(0, 16).toString("hex")).toBe("00000803000027100000001c0000001c");
  expect(images).toHaveLength(16 + 10_000 * 28 * 28);
  expect(labels.subarray(0, 8).toString("hex")).toBe("0000080100002710");
  expect(labels).toHaveLength(8 + 10_000);
});

test("every label belongs to the images of its digit, and every byte is 255 times the package's value", () => {
  let image = 0;
  let farthest = 0;
  for (let label = 0; label < 10; label++) {
    const numbers = published(label);
    const bytes = images.subarray(16 + image * 784, 16 + image * 784 + numbers.length);
    const count = numbers.length / 784;
    expect(labels.subarray(8 + image, 8 + image + count).every((found) => found === label)).toBe(true);
    numbers.forEach((number, index) => {
      farthest = Math.max(farthest, Math.abs(number * 255 - (bytes[index] ?? Number.NaN)));
    });
    image += count;
  }
  expect(image).toBe(10_000);
  // The package rounds to three decimals: 0.0005 * 255.
  expect(farthest).toBeLessThan(0.1276);
});

test("the gzip headers contain neither time nor system, so that the bytes are the same everywhere", () => {
  const header = "1f8b08000000000000ff";
  expect(Buffer.from(files.images.subarray(0, 10)).toString("hex")).toBe(header);
  expect(Buffer.from(files.labels.subarray(0, 10)).toString("hex")).toBe(header);
});
