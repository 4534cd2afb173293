import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { type Engine, Lab } from "../../e2e/support/page.ts";
import { StaticServer } from "../../e2e/support/static-server.ts";
import { table } from "../../src/cli/text.ts";
import { isolationHeaders } from "../../vite/isolation-plugin.ts";
import { launchBrowser } from "../browser.ts";
import { median, messageOf } from "../measure.ts";
import { digits } from "../report.ts";
import { drawing } from "./drawing.ts";
import { droppedPicture } from "./dropped-picture.ts";
import { firstVisit } from "./first-visit.ts";
import type { Figure, OpenPage } from "./lab.ts";
import { manyPictures } from "./many-pictures.ts";
import { whileTraining } from "./while-training.ts";

/** The measurements by name, each in a separate browser. Reading pictures does not depend on the training engine. */
const measurements: Readonly<
  Record<
    string,
    { readonly measure: (open: OpenPage) => Promise<Figure[]>; readonly engines: readonly Engine[] }
  >
> = {
  visit: { measure: firstVisit, engines: ["gpu", "cpu"] },
  training: { measure: whileTraining, engines: ["gpu", "cpu"] },
  drawing: { measure: drawing, engines: ["gpu", "cpu"] },
  drop: { measure: droppedPicture, engines: ["gpu", "cpu"] },
  reading: { measure: manyPictures, engines: ["cpu"] },
};

export const measurementNames: readonly string[] = Object.keys(measurements);

/** Measures the built page in use and prints a table: `npm run bench -- --page`, or with names of measurements. */
export async function measureLab(
  names: readonly string[],
  { rounds }: { readonly rounds: number },
  print: (text: string) => void,
  say: (progress: string) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "unsnow-bench-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const configFile = join(root, "vite.config.ts");
  await build({ root, configFile, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  const found = new Map<string, Figure & { readonly values: number[] }>();
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const [name, { measure, engines }] of Object.entries(measurements)) {
        if (!names.includes(name)) continue;
        for (const engine of engines) {
          say(`round ${round} of ${rounds}: ${name}, ${engine}`);
          const figures = await inNewBrowser(folder, engine, measure).catch((error: unknown) => {
            say(`${name}, ${engine}: ${messageOf(error)}`);
            return [];
          });
          for (const figure of figures) {
            const what = `${figure.what} (${engine})`;
            const known = found.get(what) ?? { ...figure, what, values: [] };
            known.values.push(figure.value);
            found.set(what, known);
          }
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const rows = [...found.values()].map(({ what, unit, values }) => [
    what,
    `${digits(median(values))} ${unit}`.trimEnd(),
    `${digits(Math.min(...values))} - ${digits(Math.max(...values))}`,
  ]);
  print(`\nThe built page, medians of ${rounds}\n${table([["", "median", "of the rounds"], ...rows])}`);
}

async function inNewBrowser(
  folder: string,
  engine: Engine,
  measure: (open: OpenPage) => Promise<Figure[]>,
): Promise<Figure[]> {
  // Simulates visits after the first, when the service worker (blocked here) adds the headers.
  const server = new StaticServer(folder, "/", isolationHeaders);
  await server.open();
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: server.origin, serviceWorkers: "block" });
    const page = await context.newPage();
    page.setDefaultTimeout(300_000);
    return await measure({ lab: new Lab(page, engine), server });
  } finally {
    await browser.close();
    await server.close();
  }
}
