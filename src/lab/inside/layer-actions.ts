import { batch } from "@preact/signals";
import { ask } from "../run/worker-link.ts";
import { NewestOnly } from "../shared/scheduling.ts";
import type { ChannelPlace, FilterLayer } from "./protocol.ts";
import { channelImage, type FilterScale, insideState, showFault, shownView } from "./state.ts";

/** The number of channels of a layer that are shown at a time. */
export const channelsPerPage = 16;

/** The number of kernels that are shown of a channel. */
const mostKernels = 32;

const kernelWork = new NewestOnly();

/** Sends the chosen image through the network. */
export async function refreshChannels(): Promise<void> {
  const { value: image } = channelImage;
  if (!image) return;
  const { channels } = insideState;
  const wish = { pixels: image.pixels, firsts: channels.firsts.value, count: channelsPerPage };
  const read = await ask((connected) => connected.readChannels(wish), showFault);
  if (!read) return;
  batch(() => {
    channels.read.value = read;
    insideState.fault.value = undefined;
  });
}

/** Reads the kernels of the channel that is pointed at, now and whenever it or the weights change. */
export function followKernels(): void {
  const { read, pointed, kernels } = insideState.channels;
  const { layer, channel } = pointed.value;
  const layers = read.value?.layers ?? [];
  if (!insideState.open.value || shownView.value !== "channels" || channel >= (layers[layer]?.channels ?? 0))
    return;
  void kernelWork.do(async () => {
    const wish = { layer, channel, count: mostKernels };
    const found = await ask((connected) => connected.readKernels(wish), showFault);
    if (found) kernels.value = found;
  });
}

/** Sends another one of the shown images through the network. */
export function chooseChannelImage(place: number): void {
  insideState.channels.image.value = place;
}

/** Chooses the scale of the channels' colours: one for a layer, or one for each channel. */
export function chooseChannelScale(scale: FilterScale): void {
  insideState.channels.scale.value = scale;
}

/** Turns to the page of a layer's channels that begins with a channel. */
export function turnChannels(layer: number, first: number): void {
  const { firsts } = insideState.channels;
  const length = Math.max(layer + 1, firsts.value.length);
  firsts.value = Array.from({ length }, (_, index) => (index === layer ? first : (firsts.value[index] ?? 0)));
}

/** Points at a channel. */
export function pointAtChannel(place: ChannelPlace): void {
  const { value: pointed } = insideState.channels.pointed;
  if (pointed.layer === place.layer && pointed.channel === place.channel) return;
  insideState.channels.pointed.value = place;
}

/** Points at a channel that may be on another page. */
export function goToChannel({ layer, channel }: ChannelPlace): void {
  batch(() => {
    turnChannels(layer, channel - (channel % channelsPerPage));
    pointAtChannel({ layer, channel });
  });
}

/** Shows the weights of a layer, starting with its first unit. */
export function chooseLayer(layer: FilterLayer): void {
  batch(() => {
    insideState.weights.layer.value = layer;
    insideState.weights.first.value = 0;
  });
}

/** Chooses the scale of the weights' colours. */
export function chooseScale(scale: FilterScale): void {
  insideState.weights.scale.value = scale;
}

/** Turns to the page of weights that begins with a unit. */
export function turnWeights(first: number): void {
  insideState.weights.first.value = first;
}

/** Points at the weights of a unit. */
export function pointAtWeights(unit: number): void {
  insideState.weights.unit.value = unit;
}
