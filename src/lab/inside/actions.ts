import { batch } from "@preact/signals";
import { runSpec, runState } from "../run/state.ts";
import { ask } from "../run/worker-link.ts";
import { NewestOnly, Refresher } from "../shared/scheduling.ts";
import { codeAt, firstUnlike, type PlanePoint, pathCodes } from "./codes.ts";
import { refreshChannels } from "./layer-actions.ts";
import type { Codes } from "./protocol.ts";
import {
  channelImage,
  codeLabels,
  type DecodedPicture,
  type InsideView,
  insideState,
  nothingToShow,
  pathCode,
  pathEnds,
  showFault,
  shownView,
} from "./state.ts";

/** The number of units whose weights or values are shown at a time. */
export const unitsPerPage = 64;

/** The number of pictures along the path between two codes. */
const stripLength = 9;

const refresher = new Refresher(refresh);
const spotWork = new NewestOnly();
const stripWork = new NewestOnly();
const pathWork = new NewestOnly();

/** The run and the subject of the open view at the last refresh. */
class Followed {
  #run: unknown;
  #subject = "";

  get run(): unknown {
    return this.#run;
  }

  /** Stores what is to be shown now, and returns what of it is new. */
  note(run: unknown, subject: string): { readonly otherRun: boolean; readonly otherSubject: boolean } {
    const news = { otherRun: run !== this.#run, otherSubject: subject !== this.#subject };
    this.#run = run;
    this.#subject = subject;
    return news;
  }
}

const followed = new Followed();

/** Keeps the open view up to date: at once if its subject changes, and at intervals while the run trains. */
export function followRun(): void {
  const { value: run } = runSpec;
  // Read only to subscribe: when the progress changes, the weights have changed.
  void runState.progress.value;
  const subject = insideState.open.value && run && !nothingToShow.value ? subjectOf(shownView.value) : "";
  const { otherRun, otherSubject } = followed.note(run, subject);
  if (otherRun) forget();
  if (subject === "") refresher.stop();
  else refresher.want(otherRun || otherSubject);
}

/** What a view shows besides the network's weights. */
function subjectOf(view: InsideView): string {
  const { weights, channels } = insideState;
  if (view === "weights") return `${weights.layer.value} ${weights.first.value}`;
  if (view === "channels") return `image ${channelImage.value?.image} ${channels.firsts.value}`;
  return "codes";
}

/** Opens or closes "Inside the network". While it is closed nothing is computed for it. */
export function openInside(open: boolean): void {
  if (open === insideState.open.value) return;
  insideState.open.value = open;
  if (!open) void ask((connected) => connected.leaveInside(), showFault);
}

export function showView(view: InsideView): void {
  insideState.view.value = view;
}

/** Turns to the page of the code's units that begins with a unit. */
export function turnUnits(first: number): void {
  insideState.units.first.value = first;
}

/** Points at a unit of the code. */
export function pointAtUnit(unit: number): void {
  insideState.units.unit.value = unit;
}

/** Points at the image with an index among the codes. */
export function pointAtImage(place: number): void {
  insideState.latent.pointed.value = place;
}

/** Moves the cross-hair of the latent plane. */
export function moveCrossHair(spot: PlanePoint): void {
  insideState.latent.crossHair.value = spot;
}

/** Dims all images without a label; called again with that label, none. */
export function toggleOnly(label: number): void {
  const { label: only } = insideState.latent;
  only.value = label === only.value ? undefined : label;
}

/** Decodes a point of the latent plane, now and whenever the weights change. */
export function decodeAt(spot: PlanePoint): void {
  batch(() => {
    insideState.latent.crossHair.value = spot;
    insideState.latent.spot.value = spot;
  });
}

/** Makes the image with an index among the codes an end of the path. */
export function chooseEnd(end: "from" | "to", place: number): void {
  batch(() => {
    insideState.path[end].value = place;
    insideState.path.byHand.value = new Map();
  });
}

/** Moves along the path and drops the values that were changed by hand. */
export function goAlong(share: number): void {
  batch(() => {
    insideState.path.share.value = share;
    insideState.path.byHand.value = new Map();
  });
}

/** Changes one value of the code by hand. */
export function setValue(unit: number, value: number): void {
  insideState.path.byHand.value = new Map(insideState.path.byHand.value).set(unit, value);
}

/** Decodes the chosen point of the plane. */
export function followSpot(): void {
  const { value: codes } = insideState.codes;
  const { value: spot } = insideState.latent.spot;
  if (!insideState.open.value || shownView.value !== "latent" || !codes?.decodes || !spot) return;
  const { code, raised } = codeAt(codes.plane, spot);
  void spotWork.do(async () => {
    const [picture] = await decode(codes, code);
    if (picture) insideState.latent.decoded.value = { ...picture, spot, raised };
  });
}

/** Decodes the path between the chosen images. */
export function followPath(): void {
  const { value: codes } = insideState.codes;
  const { value: ends } = pathEnds;
  if (!insideState.open.value || shownView.value !== "decoder" || !codes?.decodes || !ends) return;
  void stripWork.do(async () => {
    const pictures = await decode(codes, pathCodes(ends.from, ends.to, stripLength));
    if (pictures.length > 0) insideState.path.strip.value = pictures;
  });
}

/** Decodes the code that the sliders set. */
export function followSliders(): void {
  const { value: codes } = insideState.codes;
  const { value: code } = pathCode;
  if (!insideState.open.value || shownView.value !== "decoder" || !codes?.decodes || !code) return;
  void pathWork.do(async () => {
    const [picture] = await decode(codes, code);
    if (picture) insideState.path.decoded.value = picture;
  });
}

/** Reads what the open view shows. */
async function refresh(): Promise<void> {
  const { value: view } = shownView;
  if (view === "channels") return refreshChannels();
  if (view === "weights") {
    const wish = {
      layer: insideState.weights.layer.value,
      first: insideState.weights.first.value,
      count: unitsPerPage,
    };
    const filters = await ask((connected) => connected.readFilters(wish), showFault);
    if (!filters) return;
    batch(() => {
      insideState.filters.value = filters;
      insideState.fault.value = undefined;
    });
    return;
  }
  const codes = await ask((connected) => connected.readCodes(), showFault);
  if (codes) take(codes);
}

function take(codes: Codes): void {
  const { path, latent } = insideState;
  batch(() => {
    insideState.codes.value = codes;
    insideState.fault.value = undefined;
    const has = (place: number | undefined) => place !== undefined && place < codes.images.length;
    if (!has(latent.pointed.value)) latent.pointed.value = undefined;
    if (!has(path.from.value)) path.from.value = 0;
    if (!has(path.to.value)) path.to.value = firstUnlike(codeLabels.value, 0, codes.images.length);
  });
}

/** Decodes codes [count, size] to pictures with the weights that were read last; undefined if the run was replaced meanwhile. */
async function decode(codes: Codes, wanted: Float32Array<ArrayBuffer>): Promise<DecodedPicture[]> {
  const { run } = followed;
  if (!run) return [];
  const pixels = await ask(
    (connected) => connected.decodeCodes(wanted),
    (error) => {
      if (run === followed.run) showFault(error);
    },
  );
  if (!pixels || run !== followed.run) return [];
  const { rows, columns } = codes;
  const size = rows * columns;
  return Array.from({ length: pixels.length / size }, (_, index) => ({
    rows,
    columns,
    pixels: pixels.subarray(index * size, (index + 1) * size),
  }));
}

/** Drops what was shown of a run that was replaced. */
function forget(): void {
  const { channels, latent, path } = insideState;
  batch(() => {
    insideState.filters.value = undefined;
    channels.read.value = undefined;
    channels.kernels.value = undefined;
    channels.firsts.value = [];
    channels.pointed.value = { layer: 0, channel: 0 };
    insideState.codes.value = undefined;
    insideState.fault.value = undefined;
    latent.crossHair.value = undefined;
    latent.spot.value = undefined;
    latent.decoded.value = undefined;
    path.byHand.value = new Map();
    path.strip.value = [];
    path.decoded.value = undefined;
  });
}
