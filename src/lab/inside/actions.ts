import { batch } from "@preact/signals";
import type { Codes } from "../protocol.ts";
import { sentenceOf } from "../run/failures.ts";
import { ask } from "../run/worker-link.ts";
import { NewestOnly, Refresher } from "../shared/scheduling.ts";
import { store } from "../store.ts";
import { codeLabels } from "./code-labels.ts";
import { codeAt, firstUnlike, type PlanePoint, pathCodes } from "./codes.ts";
import { type DecodedPicture, type InsideView, pathCode, pathEnds } from "./state.ts";

/** Units whose weights or values are shown at a time. */
export const unitsPerPage = 64;

/** Pictures along the path between two codes. */
const stripLength = 9;

const { inside } = store;
const refresher = new Refresher(refresh);
const spotWork = new NewestOnly();
const stripWork = new NewestOnly();
const pathWork = new NewestOnly();

/** The run and what was to be seen of it when it was last asked for. */
let followed: { readonly run: unknown; readonly subject: string } = { run: undefined, subject: "" };

/** Keeps the open view up to date: at once where something else is to be seen, now and then while the run goes on. */
export function followRun(): void {
  const { value: run } = store.runSpec;
  // Read for its changes alone: whatever it says, the weights are others.
  void store.progress.value;
  const { value: view } = inside.view;
  const shown = view === "weights" ? `${inside.weights.layer.value} ${inside.weights.first.value}` : "codes";
  const subject = inside.open.value && run ? shown : "";
  const otherRun = run !== followed.run;
  const now = otherRun || subject !== followed.subject;
  followed = { run, subject };
  if (otherRun) forget();
  if (subject === "") refresher.stop();
  else refresher.want(now);
}

/** Opens or closes "Inside the network". Once closed, it costs nothing. */
export function openInside(open: boolean): void {
  if (open === inside.open.value) return;
  inside.open.value = open;
  if (!open) void ask((connected) => connected.leaveInside(), showFault);
}

export function showView(view: InsideView): void {
  inside.view.value = view;
}

/** Decodes a place of the latent plane, now and whenever the weights change. */
export function decodeAt(spot: PlanePoint): void {
  batch(() => {
    inside.latent.crossHair.value = spot;
    inside.latent.spot.value = spot;
  });
}

/** Makes the image at a place among the codes an end of the path. */
export function chooseEnd(end: "from" | "to", place: number): void {
  batch(() => {
    inside.path[end].value = place;
    inside.path.byHand.value = new Map();
  });
}

/** Goes along the path; what was changed by hand is dropped. */
export function goAlong(share: number): void {
  batch(() => {
    inside.path.share.value = share;
    inside.path.byHand.value = new Map();
  });
}

/** Changes one value of the code by hand. */
export function setValue(unit: number, value: number): void {
  inside.path.byHand.value = new Map(inside.path.byHand.value).set(unit, value);
}

/** Decodes the chosen place of the plane. */
export function followSpot(): void {
  const { value: codes } = inside.codes;
  const { value: spot } = inside.latent.spot;
  if (!inside.open.value || inside.view.value !== "latent" || !codes?.decodes || !spot) return;
  const { code, raised } = codeAt(codes.plane, spot);
  void spotWork.do(async () => {
    const [picture] = await decode(codes, code);
    if (picture) inside.latent.decoded.value = { ...picture, spot, raised };
  });
}

/** Decodes the path between the chosen images. */
export function followPath(): void {
  const { value: codes } = inside.codes;
  const { value: ends } = pathEnds;
  if (!inside.open.value || inside.view.value !== "decoder" || !codes?.decodes || !ends) return;
  void stripWork.do(async () => {
    const pictures = await decode(codes, pathCodes(ends.from, ends.to, stripLength));
    if (pictures.length > 0) inside.path.strip.value = pictures;
  });
}

/** Decodes the code where the sliders stand. */
export function followSliders(): void {
  const { value: codes } = inside.codes;
  const { value: code } = pathCode;
  if (!inside.open.value || inside.view.value !== "decoder" || !codes?.decodes || !code) return;
  void pathWork.do(async () => {
    const [picture] = await decode(codes, code);
    if (picture) inside.path.decoded.value = picture;
  });
}

/** Reads what the open view shows. */
async function refresh(): Promise<void> {
  if (inside.view.value === "weights") {
    const wish = {
      layer: inside.weights.layer.value,
      first: inside.weights.first.value,
      count: unitsPerPage,
    };
    const filters = await ask((connected) => connected.readFilters(wish), showFault);
    if (!filters) return;
    batch(() => {
      inside.filters.value = filters;
      inside.fault.value = undefined;
    });
    return;
  }
  const codes = await ask((connected) => connected.readCodes(), showFault);
  if (codes) take(codes);
}

function take(codes: Codes): void {
  const { path, latent } = inside;
  batch(() => {
    inside.codes.value = codes;
    inside.fault.value = undefined;
    const has = (place: number | undefined) => place !== undefined && place < codes.images.length;
    if (!has(latent.pointed.value)) latent.pointed.value = undefined;
    if (!has(path.from.value)) path.from.value = 0;
    if (!has(path.to.value)) path.to.value = firstUnlike(codeLabels.value, 0, codes.images.length);
  });
}

/** Pictures of codes [count, size], by the weights that were looked at last; none if there is another run meanwhile. */
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

/** Drops what was seen of a run that is gone. */
function forget(): void {
  const { latent, path } = inside;
  batch(() => {
    inside.filters.value = undefined;
    inside.codes.value = undefined;
    inside.fault.value = undefined;
    latent.crossHair.value = undefined;
    latent.spot.value = undefined;
    latent.decoded.value = undefined;
    path.byHand.value = new Map();
    path.strip.value = [];
    path.decoded.value = undefined;
  });
}

function showFault(error: unknown): void {
  inside.fault.value = sentenceOf(error);
}
