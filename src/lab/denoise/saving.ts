import { WorkSlices } from "../../network/work-slices.ts";
import { InputError } from "../../spec/input-error.ts";
import { askWithoutRun, sentenceOf } from "../run/worker-link.ts";
import { type Pixels, pngOf, saveFile } from "../shared/picture-files.ts";
import { denoiseState, type QueuedPicture, shownPicture } from "./state.ts";

/** Milliseconds of mixing, and rows that are mixed at a time, after which the page can handle other events. */
const slice = 10;
const rowsAtOnce = 8;

/** Downloads the shown picture as a PNG file. */
export async function saveShown(): Promise<void> {
  const { value: picture } = shownPicture;
  if (!picture?.result) return;
  const { result } = picture;
  await saving(async () => {
    const [name = ""] = denoisedNames([picture.file.name]);
    saveFile(await blendedPng({ ...picture, result }), name);
    return undefined;
  });
}

/** Downloads all pictures that are done as PNG files in one ZIP file. They are read one after the other. */
export async function saveAll(): Promise<void> {
  await saving(async () => {
    const { downloadZip } = await import("client-zip");
    const done = denoiseState.pictures.value.flatMap((picture) => {
      const { work, result } = picture;
      return work.kind === "done" && result ? [{ ...picture, result }] : [];
    });
    const names = denoisedNames(done.map(({ file }) => file.name));
    const entries = async function* () {
      for (const [place, picture] of done.entries()) {
        denoiseState.status.value = `Packing ${place + 1} of ${done.length}…`;
        yield { name: names[place], input: await blendedPng(picture), lastModified: new Date() };
      }
    };
    saveFile(await downloadZip(entries()).blob(), "denoised.zip");
    return `denoised.zip has ${done.length === 1 ? "1 picture" : `${done.length} pictures`}.`;
  });
}

/** The names for denoised pictures, each only once: "photo.jpg" -> "photo-denoised.png", and the second one "photo-denoised-2.png" */
export function denoisedNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const stem = `${name.replace(/(?<=.)\.[^.]*$/, "")}-denoised`;
    let unique = `${stem}.png`;
    for (let count = 2; taken.has(unique); count++) unique = `${stem}-${count}.png`;
    taken.add(unique);
    return unique;
  });
}

/** A result as a PNG file, mixed with the picture before the network as was chosen. */
async function blendedPng({
  file,
  choices: { blend, noise },
  result,
}: QueuedPicture & { readonly result: { readonly png: Blob } }): Promise<Blob> {
  if (blend === 1) return result.png;
  const png = new File([result.png], file.name);
  const before = await askWithoutRun((connected) => connected.readPicture(file, noise));
  const after = await askWithoutRun((connected) => connected.readPicture(png, 0));
  if (!before || !after) throw new InputError(`${file.name} was not saved: try again in a moment.`);
  return pngOf(await mixed(before, after, blend));
}

/** Mixes two pictures of one size: `share` of `after`, the rest of `before`. Alpha is that of both. */
export async function mixed(before: Pixels, after: Pixels, share: number): Promise<Pixels> {
  const { rows, columns } = before;
  const rgba = new Uint8ClampedArray(before.rgba.length);
  const slices = new WorkSlices(slice);
  const step = 4 * columns * rowsAtOnce;
  for (let first = 0; first < rgba.length; first += step) {
    const end = Math.min(rgba.length, first + step);
    for (let at = first; at < end; at++) {
      rgba[at] = share * (after.rgba[at] ?? 0) + (1 - share) * (before.rgba[at] ?? 0);
    }
    await slices.breathe();
  }
  return { rows, columns, rgba };
}

async function saving(save: () => Promise<string | undefined>): Promise<void> {
  denoiseState.fault.value = undefined;
  try {
    denoiseState.status.value = await save();
  } catch (error) {
    reportFault(error);
  }
}

function reportFault(error: unknown): void {
  denoiseState.status.value = undefined;
  denoiseState.fault.value = sentenceOf(error);
}
