// The packed and installed library, bundled by Vite and used in a page, as docs/library.md shows.
import { expect, test } from "@playwright/test";
import { build } from "vite";
import { FreshProject } from "../test/library/fresh-project.ts";
import { StaticServer } from "./support/static-server.ts";

/** The results of the page below. */
interface Findings {
  readonly trained: string[];
  readonly denoised: { readonly isImageData: boolean; readonly width: number; readonly colours: number };
  readonly noise: { readonly before: number; readonly after: number };
  readonly ownDevice: { readonly noise: number; readonly works: boolean };
}

const script = `
  import { cleanOn } from "./own-device.ts";
  import { clean, learn } from "./page.ts";
  import photo from "unsnow/models/photo-colour.safetensors?url";

  const image = (width: number, height: number, value: (x: number, y: number) => number) => {
    const made = new ImageData(width, height);
    for (let at = 0; at < made.data.length; at += 4) {
      const grey = value((at / 4) % width, Math.floor(at / 4 / width));
      made.data.set([grey, grey, grey, 255], at);
    }
    return made;
  };
  const deviation = ({ data }: ImageData) =>
    Math.sqrt(data.filter((_, at) => at % 4 === 0).reduce((sum, grey) => sum + (grey - 128) ** 2, 0) / (data.length / 4));

  const trained: string[] = [];
  const discs = Array.from({ length: 60 }, (_, n) => image(8, 8, (x, y) => 255 * Number(Math.hypot(x - (n % 8), y - 4) < 3)));
  const model = await learn(discs, new AbortController().signal, (line) => trained.push(line));
  const found = await model.denoise(discs[0]!);
  const denoised = { isImageData: found instanceof ImageData, width: found.width, colours: new Set(found.data).size };
  model.dispose();

  const canvas = document.querySelector("canvas")!;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  // A regular pattern would not be noise to the network, whose estimate of the strength is for noise that is random.
  let state = 1;
  const random = () => (state = (48271 * state) % 2147483647) / 2147483647;
  const noisy = image(canvas.width, canvas.height, () => 128 + 60 * (random() - 0.5));
  context.putImageData(noisy, 0, 0);
  await clean(canvas);
  const cleaned = context.getImageData(0, 0, canvas.width, canvas.height);

  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const file = await (await fetch(photo)).blob();
  const other = await cleanOn(device, file, noisy);
  const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ, mappedAtCreation: true });
  buffer.unmap();
  await buffer.mapAsync(GPUMapMode.READ);

  const findings = {
    trained,
    denoised,
    noise: { before: deviation(noisy), after: deviation(cleaned) },
    ownDevice: { noise: deviation(other), works: buffer.mapState === "mapped" },
  };
  document.querySelector("pre")!.textContent = JSON.stringify(findings);
`;

test("a fresh project's page, built by Vite, trains and denoises in the browser", async ({ page }) => {
  test.setTimeout(180_000);
  const project = await FreshProject.create();
  const server = new StaticServer(`${project.folder}/built`, "/");
  try {
    await project.write(
      "index.html",
      '<canvas width="40" height="30"></canvas><pre></pre><script type="module" src="main.ts"></script>',
    );
    await project.write("main.ts", script);
    await build({ root: project.folder, logLevel: "warn", build: { outDir: "built" } });
    await server.open();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.goto(server.address);
    const result = page.locator("pre");
    await expect(result).not.toBeEmpty({ timeout: 120_000 });
    expect(errors).toEqual([]);
    const findings = JSON.parse(await result.innerText()) as Findings;
    expect(findings.trained.filter((line) => /^Epoch \d: \d+\.\d dB$/.test(line))).toHaveLength(3);
    expect(findings.trained[0]).toMatch(/^Epoch 1: step \d of \d$/);
    expect(findings.denoised).toMatchObject({ isImageData: true, width: 8 });
    expect(findings.denoised.colours).toBeGreaterThan(2);
    expect(findings.noise.after).toBeLessThan(findings.noise.before / 2);
    // The same model on the CPU and on the page's own GPU device, whose bytes differ by rounding.
    expect(findings.ownDevice.noise).toBeCloseTo(findings.noise.after, 1);
    expect(findings.ownDevice.works).toBe(true);
  } finally {
    await server.close();
    await project.remove();
  }
});
