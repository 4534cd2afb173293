import { expect, test } from "vitest";
import { layOut, packParameters, padRows, unpackParameters, unpadRows } from "../../src/math/layout.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { autoencoder, endsOf, imageValues } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

test.each([
  [[1, 1], [1], 1],
  [[5, 7], [6, 1, 6], 7],
  [[28, 28], [32], 128],
] as const)(
  "the blocks of a %s network with hidden %s at batch %i do not overlap",
  (image, hidden, batch) => {
    const layout = layOut(autoencoder(image, hidden), batch);
    const places = {
      activations: new Set<number>(),
      parameters: new Set<number>(),
      gradients: new Set<number>(),
    };
    const claim = (block: Set<number>, offset: number, length: number) => {
      for (let place = offset; place < offset + length; place++) {
        if (block.has(place)) throw new Error(`Place ${place} is in two blocks.`);
        block.add(place);
      }
    };
    const rows = 4 * Math.ceil(batch / 4);
    claim(places.activations, 0, rows * Math.ceil(imageValues(layout.network) / 4));
    for (const { spec, outputOffset, weightOffset, biasOffset, gradientOffset } of layout.layers) {
      const { inputs, outputs } = endsOf([spec]);
      claim(places.activations, outputOffset, rows * Math.ceil(outputs / 4));
      const rowsOfW = 4 * Math.ceil(outputs / 4);
      claim(places.parameters, weightOffset, rowsOfW * Math.ceil(inputs / 4));
      claim(places.parameters, biasOffset, Math.ceil(outputs / 4));
      claim(places.gradients, gradientOffset, rows * Math.ceil(outputs / 4));
    }
    expect(places.activations.size).toBe(layout.activationQuads);
    expect(places.parameters.size).toBe(layout.parameterQuads);
    expect(places.gradients.size).toBe(layout.gradientQuads);
  },
);

test("weights are unchanged after being packed into parameters and back", () => {
  const network = autoencoder([3, 5], [7, 2, 9]);
  const layout = layOut(network, 4);
  const layers = initialWeights(network, 3);
  layers.forEach(({ bias }) => {
    bias.set(new MadeNumbers("bias").floats(bias.length));
  });
  expect(unpackParameters(layout, packParameters(layout, layers))).toEqual({ network, layers });
});

test("a padded row contains its values and zeros", () => {
  expect([...padRows([1, 2, 3, 4, 5, 6], 2, 3)]).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
  expect([...padRows([7, 8, 9, 10], 1, 4)]).toEqual([7, 8, 9, 10]);
  expect([...unpadRows(padRows([1, 2, 3, 4, 5], 1, 5), 1, 5)]).toEqual([1, 2, 3, 4, 5]);
});
