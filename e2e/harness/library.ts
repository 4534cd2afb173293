import { loadModel, trainDenoiser } from "../../src/index.ts";

/** The library's results in a page: with `ImageData`, on its own device, and on the page's device. */
export interface LibraryFindings {
  /** The PSNR of each epoch. */
  readonly trained: readonly number[];
  readonly denoised: { readonly isImageData: boolean; readonly width: number; readonly colours: number };
  /** A picture that a shipped model denoised on the library's device, and whether it equals the input. */
  readonly cleaned: { readonly isImageData: boolean; readonly isSame: boolean };
  /** Whether the page's device gives the same bytes, and still works afterwards. */
  readonly ownDevice: { readonly isSame: boolean; readonly works: boolean };
}

/** The functions that the tests call in the page. */
const underTest = {
  async use(): Promise<LibraryFindings> {
    const discs = Array.from({ length: 30 }, (_, n) =>
      greyImage(8, 8, (x, y) => 255 * Number(Math.hypot(x - (n % 8), y - 4) < 3)),
    );
    const trained: number[] = [];
    using training = await trainDenoiser(discs, { hidden: [8], batch: 8, epochs: 2, backend: "gpu" });
    for await (const { valPsnr } of training) trained.push(valPsnr);
    using model = await training.model();
    const [first = greyImage(8, 8, () => 0)] = discs;
    const found = await model.denoise(first);

    const noisy = greyImage(28, 28, (x, y) => 128 + 60 * (((x * 7919 + y * 104729) % 101) / 101 - 0.5));
    using shipped = await loadModel(fetch("/models/digits.safetensors"), { backend: "gpu" });
    const cleaned = await shipped.denoisePicture(noisy);

    const device = await pageDevice();
    const file = await (await fetch("/models/digits.safetensors")).blob();
    using placed = await loadModel(file, { device });
    const other = await placed.denoisePicture(noisy);
    placed.dispose();
    const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ, mappedAtCreation: true });
    buffer.unmap();
    await buffer.mapAsync(GPUMapMode.READ);

    return {
      trained,
      denoised: {
        isImageData: found instanceof ImageData,
        width: found.width,
        colours: new Set(found.data).size,
      },
      cleaned: { isImageData: cleaned instanceof ImageData, isSame: areSame(noisy, cleaned) },
      ownDevice: { isSame: areSame(cleaned, other), works: buffer.mapState === "mapped" },
    };
  },
};

async function pageDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("The browser has no adapter.");
  return adapter.requestDevice();
}

function greyImage(width: number, height: number, value: (x: number, y: number) => number): ImageData {
  const made = new ImageData(width, height);
  for (let at = 0; at < made.data.length; at += 4) {
    const grey = value((at / 4) % width, Math.floor(at / 4 / width));
    made.data.set([grey, grey, grey, 255], at);
  }
  return made;
}

function areSame(one: { data: Uint8ClampedArray }, other: { data: Uint8ClampedArray }): boolean {
  return one.data.length === other.data.length && one.data.every((value, at) => value === other.data[at]);
}

declare global {
  interface Window {
    libraryUnderTest: typeof underTest;
  }
}
window.libraryUnderTest = underTest;
