import { expect, test } from "vitest";
import { decodeElements, encodeElements } from "../../src/formats/dtype.ts";

const everyHalf = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
const bytesOf = ({ buffer }: Uint16Array<ArrayBuffer>) => new Uint8Array(buffer);

/** IEEE 754-2008, 3.4: sign, exponent of `exponentBits`, and a fraction in the rest of 16 bits. */
function numberOf(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign / 0 : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

test("every F16 and every BF16 decodes to the number that IEEE 754 says", () => {
  const halves = Array.from(everyHalf, (bits) => numberOf(bits, 5));
  expect(Array.from(decodeElements(bytesOf(everyHalf), "F16"))).toEqual(halves);
  const brains = Array.from(everyHalf, (bits) => numberOf(bits, 8));
  expect(Array.from(decodeElements(bytesOf(everyHalf), "BF16"))).toEqual(brains);
});

test("every F16 is unchanged after conversion to a number and back", () => {
  const numbers = decodeElements(bytesOf(everyHalf), "F16");
  const back = new Uint16Array(encodeElements(numbers, "F16").slice().buffer);
  const differing = everyHalf.filter((bits, index) => bits !== back[index] && !Number.isNaN(numbers[index]));
  expect(differing).toEqual(new Uint16Array(0));
});

// torch.tensor(values).half().view(torch.int16) in PyTorch 1.13: between halves, ties, subnormal ones, the largest.
test("F16 rounds as PyTorch does", () => {
  const values = Float32Array.of(1 / 3, -2, 0.1, 65_504, 65_519.9, 6e-8, 2.9e-8, 1e-5, 2049, 2051, Math.PI);
  const halves = [0x3555, 0xc000, 0x2e66, 0x7bff, 0x7bff, 1, 0, 0xa8, 0x6800, 0x6802, 0x4248];
  expect([...new Uint16Array(encodeElements(values, "F16").slice().buffer)]).toEqual(halves);
});
