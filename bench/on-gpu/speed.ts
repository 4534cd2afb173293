import { readFileSync } from "node:fs";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import { parseModel } from "../../src/formats/model-file.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { chooseFamily, type FamilyTime, timeFamilies } from "../../src/training/choose-family.ts";
import { type Failure, measureShape, type Result } from "../measure.ts";
import { type AdapterFigures, measureKernels } from "../native/measure-kernels.ts";
import { noisyPicture, strength } from "../noisy-picture.ts";
import { makeProblem } from "../problem.ts";
import { pytorchSystems } from "../python.ts";
import { digits, markdownTable, timesTable } from "../report.ts";
import { networkOf, shapes } from "../shapes.ts";
import type { System } from "../system.ts";
import { trainingOf, unsnowTraining } from "../unsnow-training.ts";
import { digitFiles } from "./digits.ts";
import type { Part } from "./part.ts";

/** A dry run measures one shape, briefly. */
const effortOf = (dry: boolean) => ({
  shapes: dry ? shapes.slice(0, 1) : shapes,
  ...(dry ? { rounds: 1, block: 0.05, limit: 60 } : { rounds: 3, block: 1, limit: 120 }),
});

/** The trial of the families of kernels for each shape, and what a run then uses. */
export const families: Part = async (dry, save, say) => {
  const { gpu } = await openNodeGpu();
  const figures: { shape: string; trial: readonly FamilyTime[]; chosen: string }[] = [];
  try {
    for (const shape of effortOf(dry).shapes) {
      say(shape.name);
      const spec = trainingOf(shape);
      const network = networkOf(shape);
      // The second one is a run's own trial, which may differ from the first where two families are as fast.
      const trial = await timeFamilies(gpu, spec, network);
      const chosen = await chooseFamily(gpu, spec, network);
      figures.push({ shape: shape.name, trial, chosen });
      const rows = figures.map(({ shape, trial, chosen }) => [
        shape,
        ...(["tile8", "tile16", "workgroup"] as const).map((family) => {
          const time = trial.find((one) => one.family === family);
          return time ? digits(time.milliseconds) : "refused";
        }),
        chosen,
      ]);
      const head = ["trial, ms/step", "tile8", "tile16", "workgroup", "a run uses"];
      const remark = gpu.adapter.software
        ? ["On a software adapter a run uses the default family, without a trial."]
        : [];
      save({ markdown: [markdownTable([head, ...rows]), ...remark], figures, failures: [] });
    }
  } finally {
    gpu.destroy();
  }
};

/** `npm run bench -- --node`: a step of every shape with every family, and each kernel against the adapter's ceilings. */
export const steps: Part = async (dry, save, say) => {
  const markdown: string[] = [];
  let figures: AdapterFigures | undefined;
  const keep = () => save({ markdown, figures, failures: [] });
  await measureKernels(
    effortOf(dry),
    (text) => {
      markdown.push(text.trim());
      keep();
    },
    say,
    (measured) => {
      figures = measured;
      keep();
    },
  );
};

/** unsnow, and what PyTorch there is, in turn. */
export const pytorch: Part = async (dry, save, say) => {
  const all = pytorchSystems();
  const withCuda = all.filter(({ name }) => name.includes("CUDA"));
  if (all.length === 0) {
    const skipped =
      "No Python here has PyTorch: install it (pip install torch), then run again with --only pytorch.";
    return save({ markdown: [], figures: undefined, failures: [], skipped });
  }
  const systems = [unsnow(), ...(withCuda.length > 0 ? withCuda : all)];
  const remark =
    withCuda.length > 0 ? [] : ["This PyTorch finds no CUDA device, so it computes on the processor."];
  const figures: { shape: string; results: readonly (Result | Failure)[] }[] = [];
  const markdown: string[] = [...remark];
  const effort = effortOf(dry);
  for (const shape of effort.shapes) {
    const results = await measureShape(systems, shape, effort, say);
    figures.push({ shape: shape.name, results });
    const measured = results.filter((result) => "loss" in result);
    const failed = results.filter((result) => "failure" in result);
    markdown.push(timesTable(shape, measured, failed));
    if (figures.length === 1)
      markdown.push(measured.map(({ system, device }) => `- ${system}: ${device}`).join("\n"));
    save({ markdown, figures, failures: [] });
  }
};

/** unsnow as a run computes, with the family that its trial chooses. */
function unsnow(): System {
  return {
    name: "unsnow",
    async open(shape) {
      const { gpu } = await openNodeGpu();
      const training = unsnowTraining(gpu, await makeProblem(shape, digitFiles().images));
      return {
        device: training.device,
        maxSteps: training.maxSteps,
        run: async (steps) => ({ milliseconds: await training.train(steps), loss: await training.loss() }),
        count: async () => undefined,
        close: async () => {
          training.destroy();
          gpu.destroy();
        },
      };
    },
  };
}

const photoColour = new URL("../../dist/cli/models/photo-colour.safetensors", import.meta.url);

/** A photograph of 12 megapixels, denoised by photo-colour from float32 values to float32 values: the first one, and the next four. */
export const photograph: Part = async (dry, save, say) => {
  const [rows, columns] = dry ? [96, 128] : [3000, 4000];
  const picture = noisyPicture(rows, columns);
  const { gpu } = await openNodeGpu();
  try {
    const seconds = await secondsOf(gpu, picture, dry ? 2 : 5, say);
    const [first = Number.NaN, ...next] = seconds;
    const table = markdownTable([
      ["photo-colour, seconds", "the first", "the fastest after it"],
      [`${columns} x ${rows}`, digits(first), digits(Math.min(...next))],
    ]);
    save({ markdown: [table], figures: { rows, columns, seconds }, failures: [] });
  } finally {
    gpu.destroy();
  }
};

async function secondsOf(
  gpu: Gpu,
  picture: ReturnType<typeof noisyPicture>,
  times: number,
  say: (progress: string) => void,
): Promise<number[]> {
  const denoiser = await PictureDenoiser.create(gpu, parseModel(readFileSync(photoColour), "photo-colour"));
  const seconds: number[] = [];
  try {
    for (let time = 1; time <= times; time++) {
      say(`picture ${time} of ${times}`);
      const started = performance.now();
      const { values } = await denoiser.denoisePicture(picture, { strength });
      seconds.push((performance.now() - started) / 1000);
      if (!values.every(Number.isFinite))
        throw new Error("The denoised photograph has values that are not numbers.");
    }
  } finally {
    denoiser.destroy();
  }
  return seconds;
}
