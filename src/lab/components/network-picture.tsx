import { useRef } from "preact/hooks";
import { blockValues, codeOf, type NetworkSpec, networkName, parameterCount } from "../../spec/network.ts";
import { formatCount } from "../format.ts";
import { networkOf } from "../settings/draft.ts";
import { store } from "../store.ts";
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
        sizes={blockValues(last.current)}
        code={codeOf(last.current)?.depth}
        words={wordsFor(last.current)}
      />
      <figcaption>
        <strong>{networkName(last.current).replaceAll("-", " → ")}</strong>
        <br />
        {codeWords(last.current)}
        {formatCount(parameterCount(last.current))} weights
      </figcaption>
    </figure>
  );
}

/** "code size 32, " */
function codeWords(network: NetworkSpec): string {
  const code = codeOf(network);
  return code ? `code size ${formatCount(code.size)}, ` : "";
}

/** What the drawing shows. */
function wordsFor(network: NetworkSpec): string {
  const [pixels, ...hidden] = blockValues(network).slice(0, -1);
  const layer = hidden.length === 1 ? "a hidden layer" : `${hidden.length} hidden layers`;
  const widths = new Intl.ListFormat("en").format(hidden.map(String));
  const code = codeOf(network);
  const where = code ? ` The code is hidden layer ${code.depth}.` : "";
  return `The network: a noisy picture of ${pixels} pixels, ${layer} of ${widths} nodes, the denoised picture.${where}`;
}
