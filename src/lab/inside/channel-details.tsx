import { formatShare, formatValue } from "../shared/format.ts";
import { goToChannel } from "./layer-actions.ts";
import { WeightImage } from "./parts.tsx";
import type { Kernels, LayerChannels } from "./protocol.ts";
import { insideState } from "./state.ts";
import { greatestOf, rangeOf, type WeightColors } from "./weights.ts";

interface ChannelDetailsProps {
  readonly layers: readonly LayerChannels[];
  readonly colors: WeightColors;
}

/** The channel that is pointed at, large, with its range, its colours and the kernels that make it. */
export function ChannelDetails({ layers, colors }: ChannelDetailsProps) {
  const { scale, pointed, kernels } = insideState.channels;
  const index = Math.min(pointed.value.layer, layers.length - 1);
  const layer = layers[index];
  if (!layer) return null;
  const { rows, columns, channels, first, values } = layer;
  const size = rows * columns;
  const end = first + values.length / size;
  // Another page may be shown by now.
  const channel = Math.max(first, Math.min(pointed.value.channel, end - 1));
  const own = values.subarray((channel - first) * size, (channel - first + 1) * size);
  const greatest = scale.value === "own" ? greatestOf(own) : layer.greatest;
  const [least, most] = rangeOf(own);
  const above = own.reduce((count, value) => count + Number(value > 0), 0);
  const made = kernels.value;
  return (
    <div class="channel-details">
      <WeightImage
        title={`Channel ${channel + 1} of layer ${index + 1}`}
        weights={own}
        rows={rows}
        columns={columns}
        greatest={greatest}
        colors={colors}
      />
      <div class="channel-words">
        <p class="filter-name">
          <strong>
            Layer {index + 1}, channel {channel + 1} of {channels}
          </strong>
          <span>
            {formatValue(least)} to {formatValue(most)}, above 0 at {formatShare(above / size)} of the pixels
          </span>
        </p>
        <div class="weight-scale">
          <div class="weight-bar" />
          <span>{formatValue(-greatest)}</span>
          <span>0</span>
          <span>{formatValue(greatest)}</span>
        </div>
        {made?.layer === index && made.channel === channel && (
          <ChannelKernels kernels={made} colors={colors} />
        )}
      </div>
    </div>
  );
}

interface ChannelKernelsProps {
  readonly kernels: Kernels;
  readonly colors: WeightColors;
}

/** The kernels that make a channel; each leads to the channel of the layer before to which it is applied. */
function ChannelKernels({ kernels, colors }: ChannelKernelsProps) {
  const { layer, inputs, from, weights, bias } = kernels;
  const size = weights.length / from.length;
  const greatest = greatestOf(weights);
  const source = layer === 0 ? "the image" : `the channels of layer ${layer}`;
  return (
    <div class="channel-kernels">
      <p>
        {from.length < inputs ? `The strongest ${from.length} of ${inputs} kernels` : kernelCount(inputs)} on{" "}
        {source}, up to {formatValue(greatest)}; bias {formatValue(bias)}
      </p>
      <div class="kernel-grid">
        {from.map((channel, place) => {
          const picture = (
            <WeightImage
              title={`Kernel on ${layer === 0 ? "the image" : `channel ${channel + 1}`}`}
              weights={weights.subarray(place * size, (place + 1) * size)}
              rows={3}
              columns={3}
              greatest={greatest}
              colors={colors}
            />
          );
          if (layer === 0) return <div key={channel}>{picture}</div>;
          return (
            <button
              key={channel}
              type="button"
              class="filter"
              aria-label={`Kernel on channel ${channel + 1} of layer ${layer}: go to that channel`}
              title={`channel ${channel + 1}`}
              onClick={() => goToChannel({ layer: layer - 1, channel })}
            >
              {picture}
            </button>
          );
        })}
      </div>
    </div>
  );
}

function kernelCount(count: number): string {
  return count === 1 ? "1 kernel" : `${count} kernels`;
}
