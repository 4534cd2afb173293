import { chooseRanges, type RangeChoice, type SampleFacts, type SampleKind } from "../data/sample-range.ts";
import type { SampleFormat, SampleRange } from "../data/samples.ts";
import { extremesOf, kindOfSamples, type StoredPicture } from "../data/stored-picture.ts";
import { InputError } from "../spec/input-error.ts";
import type { PictureInput } from "./find-pictures.ts";
import type { StartFolder } from "./io.ts";
import type { RangeOfPage } from "./picture-file.ts";
import { factsOf } from "./sampled-sets.ts";
import { type PictureKind, picturePath, readKind, readPage } from "./stored-pages.ts";

/** Samples of 16 bits above this use more than 14 bits. */
const mostOfFewerBits = 2 ** 14 - 1;

/**
 * The range of the pages of the pictures to denoise: one for all pictures of each kind of samples, so that it depends neither on a
 * shard nor on existing results. If it depends on the samples of all pictures, they are read once more for it. Throws an
 * InputError if no range can be chosen; ignores pictures that cannot be read.
 */
export async function denoiseRanges(
  start: StartFolder,
  pictures: readonly PictureInput[],
  {
    range,
    trained,
    tell,
  }: { range?: RangeChoice | undefined; trained?: SampleFormat | undefined; tell: (line: string) => void },
): Promise<RangeOfPage> {
  const known = new Map<SampleKind, SampleRange>();
  const facts = await deciding(start, pictures, range, trained);
  const { of, remark } = chooseRanges(facts, `The ${pictures.length} pictures`, range, trained);
  if (remark !== undefined) tell(remark);
  for (const [kind, chosen] of of) known.set(kind, chosen);
  return (page) => known.get(kindOfSamples(page.samples)) ?? rangeOfOne(page, range);
}

function rangeOfOne(page: StoredPicture, range: RangeChoice | undefined): SampleRange {
  const facts = factsOf(page, extremesOf(page));
  const chosen = chooseRanges([facts], page.name, range).of.get(facts.kind);
  if (!chosen) throw new RangeError("A page has a range.");
  return chosen;
}

/** The facts of all pictures whose range depends on all of them. */
async function deciding(
  start: StartFolder,
  pictures: readonly PictureInput[],
  range: RangeChoice | undefined,
  trained: SampleFormat | undefined,
): Promise<SampleFacts[]> {
  const facts: SampleFacts[] = [];
  /** Kinds for which the other pictures no longer matter. */
  const settled = new Set<SampleKind>();
  for (const { name } of pictures) {
    try {
      const path = await picturePath(start, name);
      const file = await readKind(path, name);
      const { kind } = file;
      if (range !== undefined && range !== "auto") {
        if (!settled.has(kind)) facts.push({ name, kind, low: range.low, high: range.high });
        settled.add(kind);
      } else if (!settled.has(kind) && (range === "auto" || dependsOnAll(kind, trained))) {
        const fact = await factsOfFile(path, file, name);
        facts.push(fact);
        if (range === undefined && kind === "u16" && !trained && fact.high > mostOfFewerBits)
          settled.add(kind);
      }
    } catch (error) {
      // It is reported when it is denoised.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return facts;
}

/** Whether the range of a kind is guessed from all pictures of that kind; pictures of other kinds are checked one by one. */
function dependsOnAll(kind: SampleKind, trained: SampleFormat | undefined): boolean {
  if (kind === "u16") return true;
  const bits = { u8: 8, i16: 16, f32: 32 }[kind];
  return trained?.bits === bits;
}

async function factsOfFile(path: string, file: PictureKind, name: string): Promise<SampleFacts> {
  let [low, high] = [Infinity, -Infinity];
  for (let page = 0; page < file.pages; page++) {
    const picture = await readPage(path, file, name, page);
    const facts = factsOf(picture, extremesOf(picture));
    low = Math.min(low, facts.low);
    high = Math.max(high, facts.high);
  }
  return { name, kind: file.kind, low, high };
}
