import { computed, signal } from "@preact/signals";
import { codeOf as codeOfNetwork, isConvolutional, noCodeSentence } from "../../spec/network.ts";
import { imagesState, ownImages } from "../images/state.ts";
import { runImages, runNetwork } from "../run/state.ts";
import { sentenceOf } from "../run/worker-link.ts";
import { between, codeOf, type PlanePoint, withValues } from "./codes.ts";
import type { ChannelPlace, Channels, Codes, FilterLayer, Filters, Kernels } from "./protocol.ts";

/** The views of the network, in the order of their tabs. Only convolutions have channels. */
export const insideViews = ["weights", "channels", "latent", "decoder", "codes"] as const;
export type InsideView = (typeof insideViews)[number];

/** The scale of the weights' colours: one for all pictures, or one for each picture. */
export type FilterScale = "shared" | "own";

/** A code decoded: [rows, columns]. */
export interface DecodedPicture {
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Float32Array;
}

/** A decoded point of the plane. */
export interface DecodedSpot extends DecodedPicture {
  readonly spot: PlanePoint;
  /** The number of the code's values that would have been below 0 there. */
  readonly raised: number;
}

/** The state of "Inside the network". Images are identified by their indices among the codes. */
export const insideState = {
  /** Whether it is open; while it is closed nothing is computed for it. */
  open: signal(false),

  view: signal<InsideView>("weights"),

  /** Why something could not be computed: one sentence. */
  fault: signal<string | undefined>(undefined),

  /** The latest weights, as pictures. */
  filters: signal<Filters | undefined>(undefined),

  /** The latest codes. */
  codes: signal<Codes | undefined>(undefined),

  weights: {
    layer: signal<FilterLayer>("encoder"),

    /** The first unit that is shown. */
    first: signal(0),

    scale: signal<FilterScale>("shared"),

    /** The unit that is pointed at. */
    unit: signal(0),
  },

  channels: {
    /** The latest channels. */
    read: signal<Channels | undefined>(undefined),

    /** The index among the shown images of the one that is sent through the network. */
    image: signal(0),

    /** The first channels that are shown, by layer; 0 for other layers. */
    firsts: signal<readonly number[]>([]),

    scale: signal<FilterScale>("shared"),

    /** The channel that is pointed at. */
    pointed: signal<ChannelPlace>({ layer: 0, channel: 0 }),

    /** The kernels of the channel that was pointed at when they were requested. */
    kernels: signal<Kernels | undefined>(undefined),
  },

  latent: {
    /** The image that was pointed at last. */
    pointed: signal<number | undefined>(undefined),

    /** The only label that is not dimmed. */
    label: signal<number | undefined>(undefined),

    /** The position of the cross-hair. */
    crossHair: signal<PlanePoint | undefined>(undefined),

    /** The point that is decoded. */
    spot: signal<PlanePoint | undefined>(undefined),

    decoded: signal<DecodedSpot | undefined>(undefined),
  },

  path: {
    /** The images at the path's ends. */
    from: signal<number | undefined>(undefined),
    to: signal<number | undefined>(undefined),

    /** The position on the path: 0 to 1. */
    share: signal(0.5),

    /** Values of the code that were changed by hand, by unit. */
    byHand: signal<ReadonlyMap<number, number>>(new Map()),

    /** Pictures along the path. */
    strip: signal<readonly DecodedPicture[]>([]),

    /** The picture of the code that the sliders set. */
    decoded: signal<DecodedPicture | undefined>(undefined),
  },

  units: {
    /** The first unit of the code that is shown. */
    first: signal(0),

    /** The unit of the code that is pointed at. */
    unit: signal(0),
  },
};

/** The codes at the path's ends. */
export const pathEnds = computed(() => {
  const { value: codes } = insideState.codes;
  const { value: from } = insideState.path.from;
  const { value: to } = insideState.path.to;
  if (!codes || from === undefined || to === undefined) return undefined;
  const end = (place: number) => codeOf(codes.codes, codes.size, place);
  return { from: end(from), to: end(to) };
});

/** The code that the sliders set. */
export const pathCode = computed(() => {
  const { value: ends } = pathEnds;
  const { share, byHand } = insideState.path;
  return ends && withValues(between(ends.from, ends.to, share.value), byHand.value);
});

/** The labels of the images that have codes; undefined if they have none. */
export const codeLabels = computed(() => {
  const { value: codes } = insideState.codes;
  const labels = runImages.value?.labels;
  return labels && codes?.images.map((image) => labels[image] ?? 0);
});

/** The distinct labels of those images. */
export const shownLabels = computed(() => [...new Set(codeLabels.value ?? [])].sort((a, b) => a - b));

/** "Digit 3", "Label 3" or, without labels, "Image 120": the title of the image with an index among the codes. */
export function titleOf(place: number): string {
  const label = codeLabels.value?.[place];
  if (label === undefined) return `Image ${insideState.codes.value?.images[place] ?? 0}`;
  return `${ownImages.value ? "Label" : "Digit"} ${label}`;
}

/** The views of the run's network, in the order of their tabs. */
export const shownViews = computed(() => {
  const { value: network } = runNetwork;
  const planes = network !== undefined && isConvolutional(network);
  return insideViews.filter((view) => view !== "channels" || planes);
});

/** The view that is shown: the first one if the run's network does not have the chosen one. */
export const shownView = computed(() => {
  const { value: view } = insideState.view;
  return shownViews.value.includes(view) ? view : insideViews[0];
});

/** Why the shown view has nothing to show for the run's network: one sentence. */
export const nothingToShow = computed(() => {
  const { value: network } = runNetwork;
  const needsCode = shownView.value !== "weights" && shownView.value !== "channels";
  return network && needsCode && !codeOfNetwork(network) ? noCodeSentence(network) : undefined;
});

/** The image that is sent through the network, with its noise: [rows, columns]. */
export const channelImage = computed(() => {
  const { value: pictures } = imagesState.pictures;
  if (!pictures) return undefined;
  const { images, rows, columns, noisy } = pictures;
  const place = Math.min(insideState.channels.image.value, images.length - 1);
  const size = rows * columns;
  return {
    place,
    image: images[place],
    pixels: noisy.slice(place * size, (place + 1) * size),
  };
});

/** Shows why something could not be computed. */
export function showFault(error: unknown): void {
  insideState.fault.value = sentenceOf(error);
}
