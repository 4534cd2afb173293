import { useRef } from "preact/hooks";
import { codeSize, encoderDepth, layersOf, type NetworkSpec, networkName } from "../../spec/network.ts";
import { formatCount } from "../shared/format.ts";
import { store } from "../store.ts";
import { networkOf } from "./draft.ts";
import { NetworkDrawing } from "./network-drawing.tsx";

/** The network that the settings describe: its layers, the code, and how many weights it has. */
export function NetworkPicture() {
  const { rows = 28, columns = 28 } = store.images.value ?? {};
  const network = networkOf(store.draft.value, [rows, columns]);
  // While widths are typed there is none now and then; the last one keeps the form from jumping.
  const last = useRef(network);
  last.current = network ?? last.current;
  if (!last.current) return null;
  return (
    <figure
      class={network ? "network-picture" : "network-picture network-picture-past"}
      aria-hidden={!network}
    >
      <NetworkDrawing
        sizes={sizesOf(last.current)}
        code={encoderDepth(last.current)}
        words={wordsFor(last.current)}
      />
      <figcaption>
        <strong>{networkName(last.current).replaceAll("-", " → ")}</strong>
        <br />
        code size {formatCount(codeSize(last.current))}, {formatCount(weightsOf(last.current))} weights
      </figcaption>
    </figure>
  );
}

function sizesOf({ inputs, hidden }: NetworkSpec): number[] {
  return [inputs, ...hidden, inputs];
}

/** Weights and biases. */
function weightsOf(network: NetworkSpec): number {
  return layersOf(network).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
}

/** What the drawing shows. */
function wordsFor(network: NetworkSpec): string {
  const { inputs, hidden } = network;
  const layer = hidden.length === 1 ? "a hidden layer" : `${hidden.length} hidden layers`;
  const widths = new Intl.ListFormat("en").format(hidden.map(String));
  return `The network: a noisy picture of ${inputs} pixels, ${layer} of ${widths} nodes, the denoised picture. The code is hidden layer ${encoderDepth(network)}.`;
}
