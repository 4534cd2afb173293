import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseModel } from "../../../src/formats/model-file.ts";
import { parseTrainingNote } from "../../../src/formats/training-note.ts";
import { encodeRun, parseRun } from "../../../src/lab/runs/run-file.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { hiddenOf } from "../../../src/spec/network.ts";
import { modelFor, runFileOf, runs, smallRun } from "./fixtures.ts";

const name = "a.unsnow";

/** The file of the small run, with an edited first line. */
async function changed(
  change: (line: Record<string, unknown>) => unknown,
  model = true,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await runFileOf(encodeRun(smallRun, model ? modelFor(smallRun) : undefined));
  const end = file.indexOf(0x0a);
  const line = JSON.parse(new TextDecoder().decode(file.subarray(0, end)));
  return runFileOf([`${JSON.stringify(change(line))}\n`, file.slice(end + 1)]);
}

const withLine = (line: string) => new TextEncoder().encode(line);

test("a run is restored exactly, with its model, for any settings and figures", async () => {
  await fc.assert(
    fc.asyncProperty(runs, fc.boolean(), async (run, withModel) => {
      const model = withModel ? modelFor(run) : undefined;
      const { id: _, ...kept } = run;
      expect(parseRun(await runFileOf(encodeRun(run, model)), name)).toEqual({ run: kept, model });
    }),
    { numRuns: 60 },
  );
});

test("after its first line the file is the model file", async () => {
  const file = await runFileOf(encodeRun(smallRun, modelFor(smallRun)));
  const model = file.subarray(file.indexOf(0x0a) + 1);
  expect(hiddenOf(parseModel(model, "m").network)).toEqual(denseLayers(2));
  expect(parseTrainingNote(model, "m")).toEqual({ noise: smallRun.spec.noise, seed: 0 });
});

test("an infinite PSNR and a missing SSIM are restored, although JSON has neither", async () => {
  const endless = { ...smallRun.epochs[0], epoch: 1, valPsnr: Number.POSITIVE_INFINITY };
  const run = { ...smallRun, epochs: [{ ...smallRun.epochs[1], ...endless }], scores: [] } as typeof smallRun;
  const { run: found } = parseRun(await runFileOf(encodeRun(run, undefined)), name);
  expect(found.epochs[0]?.valPsnr).toBe(Number.POSITIVE_INFINITY);
});

test("unknown fields are dropped, and none is inherited", async () => {
  const file = await changed((line) =>
    JSON.parse(JSON.stringify({ ...line, more: 1 }).replace("{", '{"__proto__":{"name":"x","version":2},')),
  );
  // JSON.stringify keeps an own __proto__.
  expect(new TextDecoder().decode(file)).toContain("__proto__");
  const { run } = parseRun(file, name);
  expect(run.name).toBe("first try");
  expect(Object.keys(run)).not.toContain("more");
  expect(Object.getPrototypeOf(run)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>).version).toBeUndefined();
});

test("a field that only a __proto__ has counts as missing", async () => {
  const file = await changed(({ name: _, ...line }) =>
    JSON.parse(JSON.stringify(line).replace("{", '{"__proto__":{"name":"x"},')),
  );
  expect(() => parseRun(file, name)).toThrow(
    /^The run in a\.unsnow must have a text of at most 1000 characters as name, but has undefined\.$/,
  );
});

test("names are put on one line and truncated, and characters that reorder or hide text are removed", async () => {
  const nasty = `  a\n\tb\u202Ec\u0000d ${"x".repeat(500)}`;
  const { run } = parseRun(await changed((line) => ({ ...line, name: nasty })), name);
  expect(run.name).toBe(`a bcd ${"x".repeat(74)}`);
  const none = parseRun(await changed((line) => ({ ...line, name: "\u200B " })), name);
  expect(none.run.name).toBe("A run without a name");
});

describe("invalid input is refused in one sentence that names the file", () => {
  const [first, second] = smallRun.epochs;
  const cases: [string, (line: Record<string, unknown>) => unknown, RegExp][] = [
    [
      "another format",
      (line) => ({ ...line, format: "zip" }),
      /must have one of unsnow-run as format, but has "zip"/,
    ],
    [
      "a later version",
      (line) => ({ ...line, version: 2 }),
      /is of version 2, but this page reads only version 1/,
    ],
    [
      "a version that is a string",
      (line) => ({ ...line, version: "1" }),
      /a finite number as version, but has "1"/,
    ],
    ["a list", () => [], /is not a JSON object/],
    [
      "a name of a megabyte",
      (line) => ({ ...line, name: "n".repeat(2 ** 20) }),
      /a text of at most 1000 characters as name, but has "n{79}\.\.\./,
    ],
    [
      "a name that is not a string",
      (line) => ({ ...line, name: { toString: 1 } }),
      /as name, but has \{"toString":1\}/,
    ],
    ["no time", (line) => ({ ...line, created: "soon" }), /cannot be used: it does not say when it was made/],
    [
      "a loss that is not a number",
      (line) => ({ ...line, epochs: [{ ...first, loss: "NaN" }] }),
      /^Epoch 1 of a\.unsnow must have a finite number as loss, but has "NaN"/,
    ],
    [
      "a loss that is not finite",
      (line) => ({ ...line, epochs: [{ ...first, loss: Number.NaN }] }),
      /finite number as loss, but has null/,
    ],
    [
      "epochs out of order",
      (line) => ({ ...line, epochs: [second, first] }),
      /^Epoch 1 of .* from 1 to 1 as epoch, but has 2/,
    ],
    [
      "more epochs than the settings have",
      (line) => ({ ...line, epochs: [1, 2, 3, 4].map((epoch) => ({ ...first, epoch })) }),
      /a list of at most 3 as epochs/,
    ],
    ["epochs that are not objects", (line) => ({ ...line, epochs: [null] }), /a list of objects as epochs/],
    [
      "scores of future epochs",
      (line) => ({ ...line, scores: [{ epoch: 3, psnr: 1 }] }),
      /^Score 1 of .* from 1 to 2 as epoch, but has 3/,
    ],
    ["no settings", (line) => ({ ...line, settings: null }), /an object as settings, but has null/],
    [
      "a width that is too large",
      (line) => ({ ...line, settings: { ...Object(line.settings), hidden: [1e9] } }),
      /^The settings of a\.unsnow cannot be used: The width of a hidden layer/,
    ],
    [
      "widths that are strings",
      (line) => ({ ...line, settings: { ...Object(line.settings), hidden: ["two"] } }),
      /^The settings of a\.unsnow cannot be used: "two" is not a hidden layer/,
    ],
    [
      "an invalid noise",
      (line) => ({ ...line, settings: { ...Object(line.settings), noise: "snow" } }),
      /^The settings of a\.unsnow cannot be used: The noise "snow" is not known/,
    ],
    [
      "an unknown optimizer",
      (line) => ({ ...line, settings: { ...Object(line.settings), optimizer: "constructor" } }),
      /one of adadelta, adam as optimizer/,
    ],
    [
      "a learning rate out of range",
      (line) => ({ ...line, settings: { ...Object(line.settings), lr: -1 } }),
      /^The settings of a\.unsnow must have a number from 0 to 1000 as lr, but has -1\.$/,
    ],
    [
      "images of infinite size",
      (line) => ({ ...line, images: { ...Object(line.images), rows: 1e30 } }),
      /^The images of a\.unsnow must have a whole number from 1 to 1048576 as rows/,
    ],
    [
      "too many images to a picture",
      (line) => ({ ...line, images: { ...Object(line.images), rows: 2 ** 20, columns: 2 ** 20 } }),
      /^The settings of a\.unsnow cannot be used: The number of values of an image/,
    ],
    [
      "another network",
      (line) => ({ ...line, settings: { ...Object(line.settings), hidden: [3] } }),
      /^The weights of a\.unsnow are those of 6-2-6 .* but the run's network is 6-3-6/,
    ],
    [
      "weights of an epoch after the last one in the settings",
      (line) => ({ ...line, model: { epoch: 4, step: 0 } }),
      /^The model of a\.unsnow must have a whole number from 0 to 3 as epoch/,
    ],
  ];
  test.each(cases)("%s", async (_, change, message) => {
    const file = await changed(change);
    expect(() => parseRun(file, name)).toThrow(message);
    expect(() => parseRun(file, name)).toThrow(expect.objectContaining({ name: "InputError" }));
  });

  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    [
      "an empty file",
      new Uint8Array(),
      /^a\.unsnow is not a run of unsnow: it does not begin with a line of JSON\.$/,
    ],
    ["no line within 8 MiB", new Uint8Array(2 ** 23 + 9).fill(0x20), /does not begin with a line of JSON/],
    ["not UTF-8", Uint8Array.of(0xff, 0x0a), /its first line is not UTF-8/],
    ["not JSON", withLine("PNG\n"), /^The run in a\.unsnow is not valid JSON\.$/],
    [
      "a duplicate key",
      withLine('{"format":"unsnow-run","format":"unsnow-run"}\n'),
      /has the key "format" twice/,
    ],
    ["nested lists", withLine(`${"[".repeat(1e6)}\n`), /is not valid JSON/],
    ["4 million escapes", withLine(`{"format":"${"\\n".repeat(4e6)}"}\n`), /one of unsnow-run as format/],
  ])("%s", (_, file, message) => {
    expect(() => parseRun(file, name)).toThrow(message);
    expect(() => parseRun(file, name)).toThrow(expect.objectContaining({ name: "InputError" }));
  });

  test("a model that is truncated, or followed by more bytes", async () => {
    const file = await runFileOf(encodeRun(smallRun, modelFor(smallRun)));
    expect(() => parseRun(file.slice(0, -1), name)).toThrow(/a\.unsnow/);
    expect(() => parseRun(file.slice(0, file.indexOf(0x0a) + 1), name)).toThrow(/a\.unsnow/);
    expect(() => parseRun(new Uint8Array([...file, 0]), name)).toThrow(/a\.unsnow/);
  });

  test("any bytes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((json) => withLine(`${json}\n`)),
        ),
        (bytes) => {
          expect(() => parseRun(new Uint8Array(bytes), name)).toThrow(
            expect.objectContaining({ name: "InputError" }),
          );
        },
      ),
    );
  });
});

test("a run that is too long for the file format is not written", () => {
  const epochs = Array.from({ length: 100_000 }, (_, index) => ({
    ...{
      epoch: index + 1,
      loss: 0.1234567890123,
      valLoss: 0.1234567890123,
      valPsnr: 12.34567890123,
      seconds: 1.234567,
    },
  }));
  expect(() => encodeRun({ ...smallRun, epochs }, undefined)).toThrow(/^first try has 100000 epochs/);
});
