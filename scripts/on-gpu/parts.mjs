// What an archive runs on the other machine, in this order.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { median } from "../../bench/measure.ts";
import { digits, markdownTable } from "../../bench/report.ts";

/**
 * @typedef {object} Context
 * @property {string} root the unpacked archive
 * @property {string} out the folder of the results
 * @property {string} scratch a folder that is removed at the end
 * @property {boolean} dry as little as possible of everything
 */

/**
 * @typedef {object} Reading
 * @property {readonly string[]} markdown paragraphs and tables
 * @property {unknown} figures
 * @property {readonly string[]} failures one sentence each
 * @property {string} [skipped] why it cannot run here
 */

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {number} share of the time that is left, beside the shares of the parts behind it
 * @property {boolean} [endless] takes all time there is, and continues in the next run
 * @property {(context: Context) => string | undefined} [missing] why it cannot run, in one sentence
 * @property {(context: Context) => readonly string[]} command the arguments of Node
 * @property {(context: Context, output: { stdout: string, seconds: number }) => Reading | undefined} read undefined if there is no result
 */

/** @type {readonly Part[]} */
export const parts = [
  {
    name: "info",
    title: "The adapter",
    share: 1,
    command: (context) => program(context, "info"),
    read: (_, { stdout }) => readInfo(stdout),
  },
  { ...tool("kernels"), title: "Kernels against their float64 references", share: 4 },
  { ...tool("goldens"), title: "Trainings against PyTorch", share: 3 },
  { ...tool("families"), title: "The trial of the families", share: 2 },
  { name: "notebook", title: "The notebook", share: 3, command: trainNotebook, read: readNotebook },
  { ...tool("photograph"), title: "A photograph of 12 megapixels", share: 2 },
  { ...tool("steps"), title: "A training step, kernel by kernel", share: 6 },
  { ...tool("pytorch"), title: "Beside PyTorch", share: 6 },
  training("photo", "grey", []),
  training("photo-colour", "colour", ["--colour"]),
];

/** A part of bench/on-gpu/main.ts, which writes its reading itself. */
function tool(/** @type {string} */ name) {
  const report = (/** @type {Context} */ { out }) => join(out, "parts", `${name}.json`);
  return {
    name,
    command: (/** @type {Context} */ context) => [
      join(context.root, "bench", "on-gpu", "main.js"),
      name,
      report(context),
      ...(context.dry ? ["--dry"] : []),
    ],
    read: (/** @type {Context} */ context) => readJson(report(context)),
  };
}

/** @param {Context} context */
function program({ root }, /** @type {readonly string[]} */ ...args) {
  return [join(root, "dist", "cli", "unsnow.js"), ...args];
}

/** @returns {Reading | undefined} */
function readInfo(/** @type {string} */ text) {
  const facts = text
    .trimEnd()
    .split("\n")
    .map((line) => /^(\S.*?|) {2,}(.*)$/.exec(line.trimEnd()) ?? ["", "", line])
    .map(([, name = "", value = ""]) => [name, value]);
  const value = (/** @type {string} */ wanted) => facts.find(([name]) => name === wanted)?.[1];
  const adapter = value("GPU");
  if (adapter === undefined) return undefined;
  const figures = { adapter, software: value("software")?.startsWith("yes") ?? false };
  const failures = adapter.startsWith("none: ") ? [`There is no GPU: ${adapter.slice("none: ".length)}`] : [];
  return { markdown: [`\`\`\`\n${text.trimEnd()}\n\`\`\``], figures, failures };
}

/**
 * The default training on 60,000 digits, six times the included ones, validated on these.
 * @param {Context} context
 */
function trainNotebook(context) {
  const included = join(context.root, "dist", "cli", "digits", "images.idx.gz");
  const file = gunzipSync(readFileSync(included));
  const [header, pixels] = [file.subarray(0, 16), file.subarray(16)];
  const [images, epochs] = context.dry ? [1_000, 2] : [60_000, 100];
  const count = header.readUInt32BE(4);
  const copies = Array.from({ length: Math.ceil(images / count) }, () => pixels);
  header.writeUInt32BE(images, 4);
  const data = join(context.scratch, "digits.idx");
  writeFileSync(data, Buffer.concat([header, ...copies]).subarray(0, 16 + images * (pixels.length / count)));
  const files = [
    "--data",
    data,
    "--val-data",
    context.dry ? data : included,
    "--out",
    join(context.out, "notebook"),
  ];
  return program(context, "train", "--backend", "gpu", "--quiet", "--epochs", `${epochs}`, ...files);
}

/**
 * @param {Context} context
 * @param {{ seconds: number }} output
 * @returns {Reading | undefined}
 */
function readNotebook({ out, dry }, { seconds }) {
  const history = readJson(join(out, "notebook", "history.json"));
  if (!history) return undefined;
  const epochs = /** @type {Epoch[]} */ (history.epochs);
  const times = epochs.map((epoch) => epoch.seconds);
  const total = times.reduce((sum, time) => sum + time, 0);
  const last = epochs.at(-1);
  const steps = Math.ceil((dry ? 1_000 : 60_000) / 128);
  const figures = { epochs: epochs.length, steps, total, median: median(times), seconds, last };
  const table = markdownTable([
    [
      "784-32-784, batch 128",
      "epochs of steps",
      "s, all epochs",
      "ms/epoch",
      "s, start to end",
      "loss",
      "PSNR, dB",
    ],
    [
      "`unsnow train`",
      `${epochs.length} of ${steps}`,
      digits(total),
      digits(1000 * median(times)),
      digits(seconds),
      (last?.valLoss ?? Number.NaN).toFixed(5),
      (last?.valPsnr ?? Number.NaN).toFixed(2),
    ],
  ]);
  const remark = "An epoch includes its validation, on the 10,000 digits; ms/epoch is the median.";
  return { markdown: [table, remark], figures, failures: [] };
}

/** @typedef {{ epoch: number, valLoss: number, valPsnr: number, seconds: number }} Epoch */

/**
 * Trains an included network for photographs again (docs/results.md), with more patches, until its time is over.
 * @param {string} name
 * @param {string} folder of the pictures in the archive, and its option
 * @param {readonly string[]} options
 * @returns {Part}
 */
function training(name, folder, options) {
  const place = (/** @type {Context} */ { out }) => join(out, "training", name);
  const pictures = (/** @type {Context} */ { root }) => join(root, "pictures", folder);
  return {
    name: `train-${name}`,
    title: `The network ${name}, trained again`,
    share: 6,
    endless: true,
    missing: (context) =>
      existsSync(pictures(context))
        ? undefined
        : `The archive has no pictures for it: make it with --${folder} FOLDER.`,
    command(context) {
      const checkpoint = join(place(context), "checkpoint");
      const always = ["--backend", "gpu", "--data", pictures(context), "--out", place(context)];
      if (isFilled(checkpoint)) return program(context, "train", "--resume", checkpoint, ...always);
      const settings = [...recipe, ...(context.dry ? dryPatches : patches), ...options];
      return program(context, "train", "--checkpoint", checkpoint, ...settings, ...always);
    },
    read(context) {
      const history = readJson(join(place(context), "history.json"));
      if (!history) return undefined;
      const epochs = /** @type {Epoch[]} */ (history.epochs);
      const last = epochs.at(-1);
      if (!last) return { markdown: ["No epoch is complete yet."], figures: { epochs }, failures: [] };
      const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
      const table = markdownTable([
        [name, "epochs", "s", "s/epoch", "validation loss", "PSNR, dB"],
        [
          `of ${history.settings.epochs}`,
          `${epochs.length}`,
          digits(seconds),
          digits(median(epochs.map((epoch) => epoch.seconds))),
          digits(last.valLoss),
          last.valPsnr?.toFixed(2) ?? "",
        ],
      ]);
      const remark = `The model and the checkpoint are in training/${name}; the same command continues the training.`;
      return { markdown: [table, remark], figures: { epochs }, failures: [] };
    },
  };
}

const recipe = [
  ...["--noise", "gaussian:0..0.294117647+unclipped", "--noise-map", "--output", "residual", "--loss", "mse"],
  ...["--initialization", "he", "--optimizer", "adam", "--schedule", "cosine"],
];

const hidden =
  "conv:24,conv:48/2,conv:48,conv:48+2,conv:48,conv:48+4,conv:48,conv:48+6,conv:48,conv:48+8,up:24+1,conv:24";

const patches = [
  ...["--hidden", hidden, "--patch", "64", "--batch", "16", "--patches", "16384", "--val-patches", "1024"],
  ...["--epochs", "200"],
];

const dryPatches = [
  ...["--hidden", "conv:4,conv:4", "--patch", "16", "--batch", "8", "--patches", "64", "--val-patches", "8"],
  ...["--epochs", "2"],
];

function isFilled(/** @type {string} */ folder) {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** @returns {any} undefined if there is no such file, or it is not complete */
function readJson(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
