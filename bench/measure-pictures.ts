import { launchBrowser } from "./browser.ts";
import { median, messageOf, within } from "./measure.ts";
import { digits, markdownTable } from "./report.ts";

/** The systems, in turn; those on WebGPU use the adapter of the browser. */
const systems = ["unsnow CPU", "onnxruntime wasm", "unsnow", "onnxruntime webgpu"] as const;

/** What a system's values may differ from the first system's. */
const tolerance = 1e-4;

interface Measured {
  readonly system: string;
  readonly side: number;
  /** Of the first picture of this size, and of the next one. */
  readonly first: number[];
  readonly next: number[];
}

/** Which pictures to measure, and how long. */
interface Effort {
  /** In pixels; the pictures are square. */
  readonly sides: readonly number[];
  readonly rounds: number;
  /** Seconds that a picture may take. */
  readonly limit: number;
}

/**
 * Denoises colour pictures with the included network `photo-colour` in one browser: unsnow, and onnxruntime-web with the ONNX file that unsnow
 * exports, `npm run bench -- --pictures`. From float32 values to float32 values, after a small picture; the first of a size allocates memory.
 */
export async function measurePictures(
  address: string,
  { sides, rounds, limit }: Effort,
  print: (text: string) => void,
  say: (progress: string) => void,
): Promise<void> {
  const measured: Measured[] = [];
  const devices = new Map<string, string>();
  for (const side of sides) {
    let expected: readonly number[] | undefined;
    for (let round = 1; round <= rounds; round++) {
      for (const system of systems) {
        const known = measured.find((row) => row.system === system && row.side === side);
        if (round > 1 && !known) continue;
        say(`${side} x ${side}, round ${round} of ${rounds}: ${system}`);
        const browser = await launchBrowser();
        try {
          const page = await browser.newPage();
          page.setDefaultTimeout(120_000);
          await page.goto(address);
          await page.waitForFunction(() => window.bench !== undefined);
          devices.set(system, await page.evaluate((name) => window.bench.openPicture(name), system));
          await within(
            limit,
            page.evaluate(() => window.bench.denoisePicture(256)),
          );
          const { milliseconds, sample } = await within(
            limit,
            page.evaluate((side) => window.bench.denoisePicture(side), side),
          );
          expected ??= sample;
          const worst = Math.max(...sample.map((value, index) => Math.abs(value - (expected?.[index] ?? 0))));
          if (worst > tolerance) throw new Error(`its values differ by ${worst} from those of ${systems[0]}`);
          const next = await within(
            limit,
            page.evaluate((side) => window.bench.denoisePicture(side), side),
          );
          const row = known ?? { system, side, first: [], next: [] };
          if (!known) measured.push(row);
          row.first.push(milliseconds);
          row.next.push(next.milliseconds);
        } catch (error) {
          say(`${system}: ${messageOf(error)}`);
        } finally {
          await browser.close();
        }
      }
    }
  }
  const rows = systems.map((system) => [
    system,
    ...sides.map((side) => {
      const row = measured.find((one) => one.system === system && one.side === side);
      return row ? `${digits(median(row.first) / 1000)}, ${digits(median(row.next) / 1000)}` : "-";
    }),
  ]);
  const head = ["seconds, the first picture and the next", ...sides.map((side) => `${side} x ${side}`)];
  print(`\n${markdownTable([head, ...rows])}`);
  for (const [system, device] of devices) print(`- ${system}: ${device}`);
}
