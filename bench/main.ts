import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { ViteDevServer } from "vite";
import { firstStep, pageSystem, pageSystems } from "./browser.ts";
import { measureLab } from "./lab/measure-lab.ts";
import { type Failure, measureShape, messageOf, type Result } from "./measure.ts";
import { measurePictures } from "./measure-pictures.ts";
import { measureCpu } from "./native/measure-cpu.ts";
import { measureKernels } from "./native/measure-kernels.ts";
import { measureScaling } from "./native/measure-scaling.ts";
import { type Options, readOptions } from "./options.ts";
import { pytorchSystems } from "./python.ts";
import { countsTable, type FirstStep, firstStepTable, timesTable } from "./report.ts";

/** `npm run bench`, with a `server` ready to serve the pages. */
export async function main(server: ViteDevServer): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  print(machine());
  if (options.page) return measureLab(options.page, options, print, progress);
  if (options.node) return measureKernels(options, print, progress);
  if (options.cpu) return measureCpu(options, print, progress);
  if (options.scaling) return measureScaling(options.scaling, options, print, progress);
  await server.listen(0);
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The pages are not served.");
  if (options.pictures) await measurePictures(address, options, print, progress);
  else await measureSystems(address, options);
}

async function measureSystems(address: string, options: Options): Promise<void> {
  const systems = [...pageSystems.map(({ name }) => pageSystem(address, name)), ...pytorchSystems()].filter(
    ({ name }) => isWanted(name, options),
  );
  const measured: { shape: string; results: readonly (Result | Failure)[] }[] = [];
  for (const shape of options.shapes) {
    const results = await measureShape(systems, shape, options, progress);
    const good = results.filter((result) => "loss" in result);
    const failed = results.filter((result) => "failure" in result);
    const parts = [timesTable(shape, good, failed), countsTable(good), deviceLines(good)];
    print(`\n${parts.filter(Boolean).join("\n\n")}\n`);
    measured.push({ shape: shape.name, results });
  }
  const first = await measureFirstSteps(address, options);
  if (options.json) {
    const numbers = { machine: machine(), measured, firstSteps: first };
    writeFileSync(options.json, `${JSON.stringify(numbers, null, 2)}\n`);
  }
}

/** Only for the first shape, because the result hardly depends on the size. */
async function measureFirstSteps(address: string, options: Options): Promise<FirstStep[]> {
  const [shape] = options.shapes;
  if (!shape) return [];
  const firstSteps = pageSystems
    .filter(({ name }) => isWanted(name, options))
    .map(({ name }) => ({ system: name, milliseconds: [] as number[] }));
  for (let round = 1; round <= options.rounds; round++) {
    progress(`first steps: round ${round} of ${options.rounds}`);
    for (const { system, milliseconds } of firstSteps) {
      try {
        milliseconds.push(await firstStep(address, system, shape, options.limit));
      } catch (error) {
        progress(`${system}: ${messageOf(error)}`);
      }
    }
  }
  const measured = firstSteps.filter(({ milliseconds }) => milliseconds.length > 0);
  if (measured.length > 0) print(`\n${firstStepTable(shape, measured)}`);
  return measured;
}

function isWanted(name: string, { systems }: Options): boolean {
  return systems?.includes(name) ?? true;
}

function deviceLines(results: readonly Result[]): string {
  return results
    .map(({ system, device, stepsPerBlock }) => `- ${system}: ${device}; ${stepsPerBlock} steps a block`)
    .join("\n");
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model ?? "unknown processor"}, Node ${process.version}, ${process.platform}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
