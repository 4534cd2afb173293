import { contactSheet } from "../../data/contact-sheet.ts";
import { toBytes } from "../../data/pixel-bytes.ts";
import { historyCsv, historyJson } from "../../formats/history.ts";
import { trainingSettings } from "../../formats/training-settings.ts";
import { InputError } from "../../spec/input-error.ts";
import type { Pictures } from "../images/protocol.ts";
import type { Comparison } from "../images/summary.ts";
import type { Pixels } from "../shared/picture-files.ts";
import { encodeRun, runFileEnding } from "./run-file.ts";
import { fileStem, type KeptModel, type KeptRun } from "./run-record.ts";
import { imagesText } from "./run-settings.ts";

/** A kind of file as which a kept run can be exported. */
export interface RunExport {
  /** The text on its button. */
  readonly title: string;
  /** The part of the file's name after the run's name. */
  readonly ending: string;
  readonly hint: string;
  /** Whether it needs the run's weights. */
  readonly weights?: true;
  /** Makes the file; `model` is undefined if there are no weights. Throws an InputError if it cannot be made. */
  readonly make: (run: KeptRun, model: KeptModel | undefined) => Promise<Blob>;
}

/** All kinds of files. */
export const runExports: readonly RunExport[] = [
  {
    title: "Run",
    ending: runFileEnding,
    hint: "the whole run in one file, which Import reads, here or elsewhere",
    weights: true,
    make: async (run, model) => new Blob(encodeRun(run, model)),
  },
  {
    title: "Model",
    ending: "-model.safetensors",
    hint: "the weights",
    weights: true,
    make: async (run, model) => {
      if (!model) throw missingModel(run);
      return new Blob([model.bytes]);
    },
  },
  {
    title: "CSV",
    ending: "-history.csv",
    hint: "the history, one line per epoch",
    make: async ({ epochs }) => new Blob([historyCsv(epochs)], { type: "text/csv" }),
  },
  {
    title: "JSON",
    ending: "-history.json",
    hint: "the history and the settings",
    make: async (run) => new Blob([historyJson(historyOf(run))], { type: "application/json" }),
  },
  {
    title: "SVG",
    ending: "-loss.svg",
    hint: "the loss chart, sharp at any size",
    make: chartOf,
  },
  {
    title: "PNG",
    ending: "-loss.png",
    hint: "the loss chart as a picture, in the page's colours",
    make: async (run) => drawSvg(await chartOf(run)),
  },
];

/** The error for a run without weights. */
export function missingModel({ name }: KeptRun): InputError {
  return new InputError(`The weights of ${name} are missing: they were not stored.`);
}

/** "784-32-784-history.csv" */
export function exportName({ name }: KeptRun, ending: string): string {
  return `${fileStem(name)}${ending}`;
}

function historyOf({ spec, images, kernels, adapter, epochs }: KeptRun) {
  const settings = { data: imagesText(images), ...trainingSettings(spec), ...(kernels && { kernels }) };
  return { settings, adapter, epochs };
}

async function chartOf({ name, spec, epochs }: KeptRun): Promise<Blob> {
  // Loaded when first needed, because the libraries that it draws with are large.
  const { lossChart } = await import("../../formats/loss-chart.ts");
  return new Blob([lossChart(epochs, { title: name, loss: spec.loss })], { type: "image/svg+xml" });
}

/** Pixels of the picture per pixel of the drawing. */
const scale = 2;

/** The PNG file of an SVG drawing that has a size. */
async function drawSvg(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const drawing = new Image();
    drawing.src = address;
    await drawing.decode();
    const canvas = new OffscreenCanvas(scale * drawing.naturalWidth, scale * drawing.naturalHeight);
    canvas.getContext("2d")?.drawImage(drawing, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The approximate length of a picture's longer side on the sheet, in pixels. */
const pictureSide = 84;

/** The pictures on one sheet: a row of noisy, one of denoised and, if there are any, one of clean images or other noisy ones. */
export function pictureSheet(
  { images, rows, columns, noisy, denoised, clean }: Pictures,
  compared: Comparison,
): Pixels {
  const size = rows * columns;
  const shown = compared === "nothing" ? [noisy, denoised] : [noisy, denoised, clean];
  const pictures = shown.flatMap((values) =>
    images.map((_, place) => toBytes(values.subarray(place * size, (place + 1) * size))),
  );
  const scale = Math.min(64, Math.max(1, Math.round(pictureSide / Math.max(rows, columns))));
  const layout = { rows, columns, across: images.length, gap: 4, background: 128, scale };
  const { width, height, pixels } = contactSheet(pictures, layout);
  const rgba = new Uint8ClampedArray(4 * pixels.length).fill(255);
  pixels.forEach((grey, pixel) => {
    rgba.fill(grey, 4 * pixel, 4 * pixel + 3);
  });
  return { rows: height, columns: width, rgba };
}
