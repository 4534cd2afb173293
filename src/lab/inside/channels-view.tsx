import { useSignalEffect } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { imagesState, ownImages } from "../images/state.ts";
import { Choice, Picture } from "../shared/controls.tsx";
import { formatValue } from "../shared/format.ts";
import { ChannelDetails } from "./channel-details.tsx";
import {
  channelsPerPage,
  chooseChannelImage,
  chooseChannelScale,
  followKernels,
  pointAtChannel,
  turnChannels,
} from "./layer-actions.ts";
import { followGridKey, UnitPager, useDark, WeightImage } from "./parts.tsx";
import type { LayerChannels } from "./protocol.ts";
import { channelImage, insideState } from "./state.ts";
import { greatestOf, rangeOf, readWeightColors, type WeightColors } from "./weights.ts";

const scales = [
  { value: "shared", title: "One scale a layer" },
  { value: "own", title: "Each its own" },
] as const;

/** What the last layer's values are, by the network's output. */
const outputNotes: Readonly<Record<string, string>> = {
  sigmoid: "last layer, before the sigmoid",
  linear: "last layer: the denoised image",
  residual: "last layer: the noise to subtract",
};

/** What each convolution makes of one of the shown images, and the channel that is pointed at. */
export function ChannelsView() {
  useSignalEffect(followKernels);
  const { value: read } = insideState.channels.read;
  const { scale } = insideState.channels;
  const dark = useDark();
  const colors = useMemo(readWeightColors, [dark]);
  return (
    <>
      <p class="card-note">
        What each layer makes of a noisy image, channel by channel. A hidden layer's values are 0 or more.
        Point at a channel to see its range and its kernels.
      </p>
      <div class="inside-controls">
        <ImageChoice />
        <Choice
          name="channel-scale"
          legend="Colours"
          options={scales}
          chosen={scale.value}
          onChoose={chooseChannelScale}
        />
      </div>
      {read ? (
        <div class="channels">
          <div class="channel-layers">
            {read.layers.map((layer, index) => (
              <Layer key={index} layer={layer} index={index} colors={colors} />
            ))}
          </div>
          <ChannelDetails layers={read.layers} colors={colors} />
        </div>
      ) : (
        <p class="inside-empty">The channels are being read.</p>
      )}
    </>
  );
}

/** The shown images with their noise; the chosen one is sent through the network. */
function ImageChoice() {
  const { value: pictures } = imagesState.pictures;
  const { value: chosen } = channelImage;
  if (!pictures || !chosen) return null;
  const { rows, columns, images, labels, noisy } = pictures;
  const size = rows * columns;
  const title = (place: number) => {
    const label = labels?.[place];
    if (label === undefined) return `Image ${images[place]}`;
    return `${ownImages.value ? "Label" : "Digit"} ${label}, image ${images[place]}`;
  };
  return (
    <fieldset
      class="channel-images"
      onKeyDown={(event) => followGridKey(event, chosen.place, chooseChannelImage)}
    >
      <legend class="visually-hidden">Noisy image</legend>
      {images.map((image, place) => (
        <button
          key={image}
          type="button"
          class="filter"
          aria-label={title(place)}
          aria-pressed={place === chosen.place}
          tabIndex={place === chosen.place ? 0 : -1}
          onClick={() => chooseChannelImage(place)}
        >
          <Picture rows={rows} columns={columns} pixels={noisy.subarray(place * size, (place + 1) * size)} />
        </button>
      ))}
    </fieldset>
  );
}

interface LayerProps {
  readonly layer: LayerChannels;
  /** From 0. */
  readonly index: number;
  readonly colors: WeightColors;
}

/** A page of a layer's channels; the Tab key reaches one of them, the arrow keys move between them. */
function Layer({ layer, index, colors }: LayerProps) {
  const { scale, pointed } = insideState.channels;
  const { name, rows, columns, channels, first, greatest } = layer;
  // Memoized, so that pointing at one does not draw them again.
  const pictures = useMemo(() => picturesOf(layer), [layer]);
  const here = pointed.value.layer === index ? pointed.value.channel - first : -1;
  const stop = here >= 0 && here < pictures.length ? here : 0;
  const point = (place: number) => pointAtChannel({ layer: index, channel: first + place });
  const id = `channel-layer-${index}`;
  return (
    <section aria-labelledby={id}>
      <div class="channel-head">
        <h3 id={id}>
          {index + 1}. {outputNotes[name] ?? name}{" "}
          <small>
            {rows} × {columns} pixels
          </small>
        </h3>
        <UnitPager
          first={first}
          units={channels}
          page={channelsPerPage}
          what="channel"
          onTurn={(turned) => turnChannels(index, turned)}
        />
      </div>
      <fieldset class="filter-grid" onKeyDown={(event) => followGridKey(event, stop, point)}>
        <legend class="visually-hidden">Channels of layer {index + 1}</legend>
        {pictures.map((picture, place) => (
          <button
            key={first + place}
            type="button"
            class="filter channel"
            aria-label={`Channel ${first + place + 1}, ${picture.range}`}
            aria-pressed={place === here}
            tabIndex={place === stop ? 0 : -1}
            onFocus={() => point(place)}
            onClick={() => point(place)}
            onPointerEnter={({ pointerType }) => pointerType === "mouse" && point(place)}
          >
            <WeightImage
              title="channel"
              weights={picture.values}
              rows={rows}
              columns={columns}
              greatest={scale.value === "own" ? picture.greatest : greatest}
              colors={colors}
            />
          </button>
        ))}
      </fieldset>
    </section>
  );
}

function picturesOf({ values, rows, columns }: LayerChannels) {
  const size = rows * columns;
  return Array.from({ length: values.length / size }, (_, place) => {
    const own = values.subarray(place * size, (place + 1) * size);
    const [least, most] = rangeOf(own);
    const range =
      most === least ? `${formatValue(least)} everywhere` : `${formatValue(least)} to ${formatValue(most)}`;
    return { values: own, greatest: greatestOf(own), range };
  });
}
