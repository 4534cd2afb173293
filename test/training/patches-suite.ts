import { describe, expect, test } from "vitest";
import type { PictureSet } from "../../src/data/picture-set.ts";
import { type PatchTable, patchTable } from "../../src/math/patch-table.ts";
import { streams } from "../../src/math/streams.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { placePatches } from "../../src/reference/place-patches.ts";
import { ReferenceTrainer } from "../../src/reference/train.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { UseDevice } from "../support/use-device.ts";
import { shortRun } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

/** Pictures of several sizes, smooth horizontally. */
function pictures(name: string, channels: number, sizes: readonly (readonly [number, number])[]): PictureSet {
  const numbers = new MadeNumbers(name);
  return {
    name,
    channels,
    pictures: sizes.map(([rows, columns], index) => {
      const tint = numbers.next(0, 128);
      const values = Uint8Array.from(
        { length: rows * columns * channels },
        (_, value) => tint + ((64 * Math.floor(value / channels)) % columns) / columns + (value % 7),
      );
      return { name: `${name} ${index}`, rows, columns, channels, pixels: values };
    }),
  };
}

/** The pictures in samples of 16 bits from 100 to 4096. */
function deep(set: PictureSet): PictureSet {
  const pictures = set.pictures.map((picture, index) => ({
    ...picture,
    pixels: Uint16Array.from(picture.pixels, (byte, place) => 100 + 15 * byte + ((place + index) % 15)),
  }));
  return { ...set, pictures, format: { bits: 16, range: { low: 100, high: 4096 } } };
}

/** The pictures with each row and column twice. */
function enlarged(set: PictureSet): PictureSet {
  const pictures = set.pictures.map((picture) => {
    const [rows, columns] = [2 * picture.rows, 2 * picture.columns];
    const pixels = Uint8Array.from({ length: rows * columns * picture.channels }, (_, value) => {
      const pixel = Math.floor(value / picture.channels);
      const [row, column] = [Math.floor(pixel / columns / 2), Math.floor((pixel % columns) / 2)];
      return (
        picture.pixels[(row * picture.columns + column) * picture.channels + (value % picture.channels)] ?? 0
      );
    });
    return { ...picture, rows, columns, pixels };
  });
  return { ...set, pictures };
}

const patches = { side: 4, count: 21, validation: 10, flips: true };

const run = (changes: Parameters<typeof shortRun>[0]) =>
  shortRun({ hidden: [6], output: "residual", loss: "mse", patches, ...changes });

export const describePatches = (useDevice: UseDevice) =>
  describe("training on patches of pictures", () => {
    const device = useDevice();

    test.each([
      ["grey", 1, run({})],
      ["in colour", 3, run({ noise: parseNoise("blur:1+gaussian:0.1+unclipped"), seed: 9 })],
      [
        "convolutions on blocks in colour, with a noise map",
        3,
        run({ hidden: "conv:4,conv:4+1", block: 2, noiseMap: true, noise: parseNoise("gaussian:0..0.3") }),
      ],
      [
        "noisy pictures alone, in colour, with a mask",
        3,
        run({
          ...{ hidden: "conv:4", noise: noNoise, selfSupervised: true, mask: { columns: 3, rows: 1 } },
          ...{ patches: { ...patches, side: 7 } },
        }),
        (set) => deep(enlarged(set)),
      ],
      ["upright, fixed noise", 1, run({ patches: { ...patches, flips: false }, fixedNoise: true })],
      ["16 bits", 3, run({ noise: parseNoise("blur:1+uniform:0.1+unclipped") }), deep],
    ] as [string, 1 | 3, TrainingSpec, ((set: PictureSet) => PictureSet)?][])(
      "%s follows the reference step by step",
      async (_how, channels, spec, made = (set) => set) => {
        const bytes = {
          train: pictures("train", channels, [
            [9, 7],
            [4, 4],
            [6, 20],
          ]),
          validation: pictures("validation", channels, [[8, 8]]),
        };
        const data = { train: made(bytes.train), validation: made(bytes.validation) };
        const trainer = await trainOn(device(), spec, data);
        // Patches are used in the order in which they are drawn.
        const reference = new ReferenceTrainer(
          { ...spec, shuffle: false },
          trainer.network,
          initialWeights(trainer.network, spec.seed),
        );
        const cut = (
          set: PictureSet,
          count: number,
          stream: "trainingPatches" | "validationPatches",
          epoch: number,
        ) => cutPatches(set, { ...spec, patches: { ...(spec.patches ?? patches), count } }, stream, epoch);
        let epoch = 0;
        for await (const { record, stepLosses } of trainer.epochs()) {
          const expected = reference.epoch(cut(data.train, patches.count, "trainingPatches", epoch));
          expect(stepLosses.length).toBe(expected.length);
          stepLosses.forEach((loss, step) => {
            expect(Math.abs(loss - (expected[step] ?? Number.NaN))).toBeLessThan(tolerances.loss);
          });
          const validated = reference.validate(
            cut(data.validation, patches.validation, "validationPatches", 0),
          );
          expect(Math.abs(record.valLoss - validated)).toBeLessThan(tolerances.loss);
          epoch += 1;
        }
        expect(epoch).toBe(spec.epochs);
        const preview = await trainer.preview([3, 0]);
        expect(preview.noisy.length).toBe(2 * (spec.patches?.side ?? 0) ** 2 * channels);
        trainer.destroy();
      },
    );

    test("measured twins are cut at the same positions", async () => {
      const clean = pictures("clean", 1, [
        [9, 9],
        [5, 8],
      ]);
      const spec = run({ noise: noNoise, hidden: [4] });
      const losses = async (noisy: PictureSet) => {
        const data = { train: clean, validation: clean, noisyTrain: noisy, noisyValidation: noisy };
        const trainer = await trainOn(device(), spec, data);
        const report = await trainer.step();
        trainer.destroy();
        return report?.loss;
      };
      // An untrained residual network leaves most of the noise in a patch.
      const brighter = {
        ...clean,
        pictures: clean.pictures.map((picture) => ({
          ...picture,
          pixels: picture.pixels.map((value) => Math.min(255, value + 100)),
        })),
      };
      expect((await losses(brighter)) ?? 0).toBeGreaterThan((await losses(clean)) ?? Number.NaN);
    });

    const set = pictures("few", 1, [[5, 5]]);
    test.each([
      [{ train: set, validation: set }, { side: 6 }, "few 0 has 5 x 5 pixels, too few for a patch of 6 x 6."],
      [
        { train: set, validation: set },
        { count: 0 },
        "The number of patches per epoch must be a whole number",
      ],
      [{ train: set, validation: pictures("hues", 3, [[5, 5]]) }, {}, "few is grey and hues is not."],
      [{ train: { ...set, pictures: [] }, validation: set }, {}, "few holds no pictures."],
      [
        { train: set, validation: set, noisyTrain: pictures("twin", 1, [[5, 6]]), noisyValidation: set },
        {},
        "Twins must have the same size, but twin 0 has 5 x 6 x 1 and few 0 has 5 x 5 x 1.",
      ],
    ])("refuses %o", async (data, changes, message) => {
      const spec = run({ patches: { ...patches, ...changes }, noise: noNoise });
      await expect(trainOn(device(), spec, data)).rejects.toThrow(message);
    });

    test("refuses a shift, because patches are cut at any position", async () => {
      await expect(trainOn(device(), run({ shift: 1 }), { train: set, validation: set })).rejects.toThrow(
        "Patches are cut from anywhere in their pictures, so a shift of 1 has no effect: leave it at 0.",
      );
    });
  });

/** An epoch's patches, in the reference's format. */
function cutPatches(
  set: PictureSet,
  spec: TrainingSpec,
  stream: "trainingPatches" | "validationPatches",
  epoch: number,
) {
  const { side, count, flips } = spec.patches ?? patches;
  const { channels } = set;
  const table: PatchTable = patchTable(set.pictures, side, channels);
  const draw = { count, side, channels, flips, seed: spec.seed, drawStream: streams[stream], epoch };
  const clean = set.pictures.flatMap(({ pixels }) => [...pixels]);
  const range = set.format?.range;
  return { count, clean, range, table, places: placePatches(table, draw) };
}
