import { holdOut } from "../../data/hold-out.ts";
import type { ImageSet } from "../../data/image-set.ts";
import { fromBytes } from "../../data/pixel-bytes.ts";
import { InputError } from "../../spec/input-error.ts";
import type {
  MeasuredFile,
  PictureReader,
  PictureSamples,
  PicturesListener,
  PicturesOrder,
  TwinsFolder,
} from "../images/protocol.ts";
import type { PicturesSummary } from "../images/summary.ts";
import { checkPictureSize, pictureLimits } from "../shared/picture-files.ts";
import { type DecodedFolder, type DecodedFolders, pairUp, type ReadPicture } from "./decoded-pictures.ts";
import type { OwnImages } from "./image-files.ts";

/** What is needed to read pictures. */
interface ReadingTools {
  readonly read: PictureReader;
  /** The noisy twins; undefined if there are none. */
  readonly readTwins?: PictureReader | undefined;
  /** Decodes a picture to bytes [rows, columns], not inverted; rejects if it cannot be decoded. */
  readonly decode: (file: File) => Promise<Uint8Array>;
  /** Pictures that were decoded before. */
  readonly decoded: DecodedFolders;
  readonly listener: PicturesListener;
  readonly signal: AbortSignal;
}

/** Images made from pictures, and a summary of all pictures. */
export interface FolderImages extends OwnImages {
  readonly pictures: PicturesSummary;
}

/** The number of pictures that are requested from the page at a time. */
const partSize = 16;

/** The number of small pictures that are decoded at the same time. */
const mostLanes = 4;

/** The number of pictures that are shown before all are read. */
const sampleCount = 8;

/** The minimum number of pictures: with fewer, no image would be left for validation or for training. */
const fewestPictures = 3;

/** The maximum number of unreadable pictures that are named; all are counted. */
const mostNames = 5;

/** Milliseconds from one report of the progress to the next. */
const reportInterval = 100;

/**
 * Reads pictures, reports a few first, and holds out a fifth of them, and of their noisy twins the same ones. Undefined if it is aborted.
 * Throws an InputError if too few can be read or if twins differ in size, and a RangeError if there is too little memory for them.
 */
export async function readPictureFolder(
  order: PicturesOrder,
  tools: ReadingTools,
): Promise<FolderImages | undefined> {
  const { listener, signal } = tools;
  const known = tools.decoded.find(order);
  const samples = known ? samplesOf(order, known) : await readSamples(order, tools);
  if (signal.aborted) return undefined;
  await listener({ kind: "samples", samples });
  const decoded = known ?? (await decodeAll(order, tools));
  if (!decoded || signal.aborted) return undefined;
  tools.decoded.keep(order, decoded);
  if (!order.twins || !tools.readTwins) return imagesOf(order, decoded);
  const noisy = await readTwins(order, order.twins, { ...tools, read: tools.readTwins });
  if (!noisy || signal.aborted) return undefined;
  const { rows, columns } = order.choices.size;
  const pairs = pairUp(decoded, noisy, rows * columns);
  const images = imagesOf(order, pairs.clean, noisy.unread);
  const twins = setOf({ ...order, ...order.twins, labels: undefined }, pairs.noisy);
  const { train, validation } = holdOut(twins);
  const file = { role: "twins", name: twins.name, bytes: noisy.bytes, count: twins.count } as const;
  return {
    ...images,
    files: [...images.files, file],
    data: { ...images.data, noisyTrain: train, noisyValidation: validation },
  };
}

/** Decodes noisy twins exactly as their clean pictures; undefined if it is aborted. */
async function readTwins(
  order: PicturesOrder,
  twins: TwinsFolder,
  tools: ReadingTools,
): Promise<DecodedFolder | undefined> {
  const noisyOrder = { ...order, ...twins };
  const listener: PicturesListener = (event) =>
    tools.listener(event.kind === "read" ? { kind: "read", count: order.count + event.count } : event);
  const known = tools.decoded.find(noisyOrder);
  const noisy = known ?? (await decodeAll(noisyOrder, { ...tools, listener }));
  if (noisy) tools.decoded.keep(noisyOrder, noisy);
  return noisy;
}

/** Decodes pictures, part by part; undefined if it is aborted. */
async function decodeAll(
  { count, choices: { size: shape } }: PicturesOrder,
  tools: ReadingTools,
): Promise<DecodedFolder | undefined> {
  const { listener, signal } = tools;
  const size = shape.rows * shape.columns;
  const pixels = new Uint8Array(count * size);
  const read: ReadPicture[] = [];
  const unread: string[] = [];
  let bytes = 0;
  let reported = performance.now();
  for (let first = 0; first < count; first += partSize) {
    const numbers = Array.from({ length: Math.min(partSize, count - first) }, (_, place) => first + place);
    const part = await readPart(numbers, tools);
    if (signal.aborted) return undefined;
    part.forEach(({ file, size: measured, image }, place) => {
      if (!image || !measured) {
        unread.push(file.name);
        return;
      }
      pixels.set(image, read.length * size);
      read.push({ number: first + place, name: file.name, ...measured });
      bytes += file.size;
    });
    if (performance.now() - reported < reportInterval) continue;
    reported = performance.now();
    void listener({ kind: "read", count: first + numbers.length });
  }
  return { pixels: pixels.subarray(0, read.length * size), read, unread, bytes };
}

/** The images from decoded pictures. */
function setOf({ name, labels, choices }: PicturesOrder, { pixels, read }: DecodedFolder): ImageSet {
  return {
    name,
    count: read.length,
    ...choices.size,
    pixels: choices.inverted ? inverted(pixels) : pixels,
    ...(labels && { labels: Uint8Array.from(read, ({ number }) => labels.labels[number] ?? 0) }),
  };
}

/** The images from decoded pictures, and their summary; `unreadTwins` are the names of noisy twins that could not be read. */
function imagesOf(
  order: PicturesOrder,
  decoded: DecodedFolder,
  unreadTwins: readonly string[] = [],
): FolderImages {
  const { name, labels, passedOver } = order;
  const { read, bytes } = decoded;
  const unread = [...decoded.unread, ...unreadTwins];
  checkCount(order, read.length, unread);
  return {
    files: [{ role: "training", name, bytes, count: read.length }],
    data: holdOut(setOf(order, decoded)),
    pictures: {
      labels: labels?.names ?? [],
      passedOver,
      unread: { count: unread.length, names: unread.slice(0, mostNames) },
    },
  };
}

interface Sample {
  readonly number: number;
  readonly image: Uint8Array;
}

/** Pictures spread over the folder, so that they have many labels; fewer if some cannot be read. */
async function readSamples(order: PicturesOrder, tools: ReadingTools): Promise<PictureSamples> {
  const numbers = sampleNumbers(order);
  const part = await readPart(numbers, tools);
  return describeSamples(
    order,
    part.flatMap(({ image }, place) => (image ? [{ image, number: numbers[place] ?? 0 }] : [])),
  );
}

/** The same from decoded pictures. */
function samplesOf(order: PicturesOrder, { pixels, read }: DecodedFolder): PictureSamples {
  const size = order.choices.size.rows * order.choices.size.columns;
  const places = new Map(read.map(({ number }, place) => [number, place]));
  const samples = sampleNumbers(order).flatMap((number) => {
    const place = places.get(number);
    return place === undefined ? [] : [{ number, image: pixels.subarray(place * size, (place + 1) * size) }];
  });
  return describeSamples(order, samples);
}

function sampleNumbers({ count }: PicturesOrder): number[] {
  const shown = Math.min(sampleCount, count);
  return Array.from({ length: shown }, (_, sample) => Math.floor((sample * count) / shown));
}

function describeSamples({ labels, choices }: PicturesOrder, samples: readonly Sample[]): PictureSamples {
  const bytes = Uint8Array.from(samples.flatMap(({ image }) => [...image]));
  return {
    ...choices.size,
    pixels: fromBytes(choices.inverted ? inverted(bytes) : bytes),
    labels: labels && samples.map(({ number }) => labels.labels[number] ?? 0),
  };
}

function inverted(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte) => 255 - byte);
}

interface Outcome extends MeasuredFile {
  /** [rows, columns]; undefined if the file could not be read. */
  readonly image: Uint8Array | undefined;
}

/** Decodes pictures, as many at the same time as have together no more pixels than one picture may have. */
async function readPart(
  numbers: readonly number[],
  { read, decode, signal }: ReadingTools,
): Promise<Outcome[]> {
  const files = await read(numbers);
  const largest = Math.max(...files.map(({ size }) => (size ? size.rows * size.columns : 0)));
  const lanes = Math.max(1, Math.min(mostLanes, Math.floor(pictureLimits.pixels / largest)));
  const outcomes: Outcome[] = [];
  for (let first = 0; first < files.length && !signal.aborted; first += lanes) {
    const together = files.slice(first, first + lanes);
    outcomes.push(...(await Promise.all(together.map((measured) => readOne(measured, decode)))));
  }
  return outcomes;
}

/** Decodes one picture. Files may change or disappear during reading, so any error counts as an unreadable file. */
async function readOne({ file, size }: MeasuredFile, decode: ReadingTools["decode"]): Promise<Outcome> {
  if (!size) return { file, size, image: undefined };
  try {
    checkPictureSize(file.name, size);
    return { file, size, image: await decode(file) };
  } catch {
    return { file, size, image: undefined };
  }
}

function checkCount({ name, count }: PicturesOrder, read: number, unread: readonly string[]): void {
  if (read >= fewestPictures) return;
  const [first] = unread;
  const reason = first === undefined ? "" : ` (${first} is the first that could not be read)`;
  throw new InputError(
    `${name} has ${count} ${count === 1 ? "picture" : "pictures"}, of which ${read} can be used${reason}, but at least ${fewestPictures} are needed, because some are held out.`,
  );
}
