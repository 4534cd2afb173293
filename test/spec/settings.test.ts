import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trainCommand } from "../../src/cli/train-command.ts";
import { JsonFields } from "../../src/formats/json-fields.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import {
  checkOptimizer,
  defaultOptimizers,
  optimizerNames,
  optimizerSettingNames,
  optimizerSettings,
  optimizers,
} from "../../src/spec/optimizer.ts";
import { defaultPatches, patchSettings } from "../../src/spec/patch.ts";
import { keysOf, mapTable, type Setting } from "../../src/spec/setting-kinds.ts";
import { defaultTraining, type FlatSettings, settings } from "../../src/spec/settings.ts";
import { checkTraining } from "../../src/spec/training.ts";

const images = { count: 60_000, rows: 28, columns: 28 };

/** Values of each setting that are not its default, and a value out of range with its error. */
const values: {
  readonly [K in keyof FlatSettings]: readonly [FlatSettings[K][], FlatSettings[K]?, RegExp?];
} = {
  noise: [
    [parseNoise("none"), parseNoise("blur:1+gaussian:0.1..0.6^-2+unclipped")],
    { stages: [{ kind: "gaussian", setting: 11 }], clip: true },
    /^The factor of Gaussian noise must be a number from 0 to 10, but it is 11\.$/,
  ],
  noise2noise: [[true]],
  selfSupervised: [[true]],
  mask: [
    [
      { columns: 5, rows: 1 },
      { columns: 31, rows: 31 },
    ],
    { columns: 4, rows: 1 },
    /^The sides of the mask must be odd numbers from 1 to 31, because the blind spot is in its middle, but it is 4x1\.$/,
  ],
  shift: [[1, 16], 17, /^The shift must be a whole number from 0 to 16, but it is 17\.$/],
  fixedNoise: [[true]],
  hidden: [
    [denseLayers(512, 128, 512), denseLayers(65_536)],
    denseLayers(0),
    /^The width of a hidden layer must be a whole number from 1 to 65536, but it is 0\.$/,
  ],
  block: [[2, 8], 9, /^The block must be a whole number from 1 to 8, but it is 9\.$/],
  noiseMap: [[true]],
  output: [["linear", "residual"]],
  initialization: [["he", "torch", "identity"]],
  centre: [[true]],
  loss: [["mse"]],
  epochs: [[1, 1e6], 0, /^The number of epochs must be a whole number from 1 to 1000000, but it is 0\.$/],
  batch: [[1, 65_536], 1.5, /^The batch must be a whole number from 1 to 65536, but it is 1\.5\.$/],
  shuffle: [[false]],
  optimizer: [["adam"]],
  schedule: [
    [{ kind: "cosine" }, { kind: "step", epochs: 30, factor: 0.1 }],
    { kind: "step", epochs: 0, factor: 0.1 },
    /^The epochs between two steps of the learning rate must be a whole number from 1 to 1000000, but it is 0\.$/,
  ],
  seed: [[7, 2 ** 32 - 1], -1, /^The seed must be a whole number from 0 to 4294967295, but it is -1\.$/],
};

/** Expects that the value is restored from its text and from JSON, and is in range. */
function comesBack<T>(setting: Setting<T>, value: T): void {
  expect(setting.parse(setting.format(value))).toEqual(value);
  const json: unknown = JSON.parse(JSON.stringify({ key: setting.toJson(value) }));
  expect(new JsonFields(json as Record<string, unknown>, "It").setting("key", setting)).toEqual(value);
  expect(() => setting.check(value)).not.toThrow();
}

describe("the table of settings", () => {
  test("has every setting of the default run, with its default", () => {
    const { optimizer, ...plain } = defaultTraining;
    expect({ ...plain, optimizer: optimizer.name }).toEqual(
      Object.fromEntries(mapTable(settings, (key, setting) => [key, setting.default])),
    );
    expect(optimizer).toEqual(defaultOptimizers.adadelta);
    expect(new Set(mapTable(settings, (_, { option }) => option)).size).toBe(keysOf(settings).length);
  });

  const tests = mapTable(settings, (key, setting) => {
    const [others, outside, message] = values[key];
    return {
      key,
      roundTrip: () => {
        for (const value of [setting.default, ...others]) comesBack(setting, value);
      },
      refuses: () => {
        if (outside === undefined) return;
        expect(() => setting.check(outside)).toThrow(message);
        const spec = { ...defaultTraining, [key]: outside };
        expect(() => checkTraining(spec, images)).toThrow(message);
      },
    };
  });

  test.each(tests)("$key: a value is restored from its text and from JSON", ({ roundTrip }) => roundTrip());
  test.each(tests)("$key: a value out of range is refused, and the error states the range", ({ refuses }) =>
    refuses(),
  );

  test.each(keysOf(settings).filter((key) => settings[key].names))("%s accepts no other names", (key) => {
    const { names = [], subject, parse } = settings[key];
    const sentence = `${subject} must be one of ${names.join(", ")}, but "toString" is given.`;
    expect(() => parse("toString")).toThrow(new InputError(sentence));
  });

  test("a number that cannot be read is refused in one sentence that names the setting", () => {
    const { parse } = settings.epochs;
    expect(() => parse("")).toThrow("The number of epochs must be a number, but nothing is given.");
    for (const text of ["abc", "0x20", "12x", "1,5", "NaN"]) {
      expect(() => parse(text)).toThrow(`The number of epochs must be a number, but "${text}" is given.`);
    }
  });

  test("a value of another type in a file is refused", () => {
    const fields = new JsonFields({ shuffle: "yes", epochs: "3", hidden: 32, loss: "hinge" }, "It");
    expect(() => fields.setting("shuffle", settings.shuffle)).toThrow(
      'It must have true or false as shuffle, but has "yes".',
    );
    expect(() => fields.setting("epochs", settings.epochs)).toThrow(
      'It must have a whole number from 1 to 1000000 as epochs, but has "3".',
    );
    expect(() => fields.setting("hidden", settings.hidden)).toThrow("a list of at most 64 as hidden");
    expect(() => fields.setting("loss", settings.loss)).toThrow("one of bce, mse as loss");
    expect(() => fields.setting("noise", settings.noise)).toThrow(
      "a text of at most 1000 characters as noise",
    );
  });

  test("settings that earlier versions did not write get their defaults", () => {
    const fields = new JsonFields({ shift: null }, "It");
    expect(fields.setting("shift", settings.shift)).toBe(0);
    expect(fields.setting("centre", settings.centre)).toBe(false);
    expect(() => fields.setting("seed", settings.seed)).toThrow("as seed, but has undefined.");
  });
});

describe("the settings of patches", () => {
  test("are restored, and are refused out of range", () => {
    mapTable(patchSettings, (key, setting) => comesBack(setting, defaultPatches[key]));
    expect(() => patchSettings.side.check(257)).toThrow(
      "The side of a patch must be a whole number from 1 to 256, but it is 257.",
    );
  });
});

describe.each(optimizerNames)("the numbers of %s", (name) => {
  const numbers = optimizerSettings(name);

  test("are all in its table, with the defaults and in range", () => {
    expect({ name, ...Object.fromEntries(numbers.map(([key, setting]) => [key, setting.default])) }).toEqual(
      defaultOptimizers[name],
    );
    expect(Object.keys(optimizers[name].settings)).toEqual(numbers.map(([key]) => key));
    expect(() => checkOptimizer(defaultOptimizers[name])).not.toThrow();
  });

  test.each(numbers)("%s is restored from its text, and is refused out of range", (key, setting) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 0.9999999, noNaN: true }), (value) =>
        comesBack(setting, value),
      ),
    );
    for (const value of [-1, 1001, Number.NaN, Number.POSITIVE_INFINITY]) {
      const sentence = `${setting.subject} must be ${setting.needs}, but it is ${value}.`;
      expect(() => checkOptimizer({ ...defaultOptimizers[name], [key]: value })).toThrow(sentence);
    }
  });
});

test("the help of train lists every option of the tables, with its help and its default", () => {
  const program = new Command();
  trainCommand(program);
  const [command] = program.commands;
  const options = new Map(command?.options.map((option) => [option.long, option]));
  const all = [
    ...mapTable(settings, (_, { option, help }) => ({ option, help })),
    ...mapTable(patchSettings, (_, { option, help }) => ({ option, help })),
    ...optimizerNames.flatMap((name) =>
      optimizerSettings(name).map(([, setting]) => ({
        option: setting.option,
        help: `${optimizers[name].title}: ${setting.help} (default: ${setting.default})`,
      })),
    ),
  ];
  expect(all.length).toBeGreaterThan(20);
  for (const { option, help } of all) expect(options.get(`--${option}`)?.description).toContain(help);
  mapTable(settings, (key, { kind, option, ...setting }) => {
    if (kind === "flag" || key === "noise") return;
    expect(options.get(`--${option}`)?.defaultValue).toEqual(setting.default);
  });
  expect(optimizerSettingNames).toEqual(["lr", "rho", "epsilon", "beta1", "beta2"]);
});
