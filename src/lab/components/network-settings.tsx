import { autoencoder, codeSize, layersOf, networkName } from "../../spec/network.ts";
import { formatCount } from "../format.ts";
import { edit } from "../run-control.ts";
import { reading, store } from "../store.ts";
import { SettingsGroup } from "./settings-group.tsx";
import { TextSetting } from "./text-setting.tsx";

/** Hidden layers to begin with. */
const examples = ["32", "128, 32, 128", "512, 128, 512"];

/** The layers between the noisy and the denoised picture. */
export function NetworkSettings({ open }: { readonly open: boolean }) {
  const { hidden } = store.draft.value;
  return (
    <SettingsGroup title="Network" brief={hidden} open={open}>
      <TextSetting
        field="hidden"
        title="Hidden layers"
        help="Nodes of each layer, from picture to picture. The narrowest is the code, which all that is kept of a picture must fit into."
      >
        <div class="examples">
          {examples.map((example) => (
            <button
              key={example}
              type="button"
              class="example"
              aria-pressed={example === hidden}
              onClick={() => edit({ hidden: example })}
            >
              {example}
            </button>
          ))}
        </div>
      </TextSetting>
      <Summary />
    </SettingsGroup>
  );
}

function Summary() {
  const { spec } = reading.value;
  if (!spec) return null;
  const { rows = 28, columns = 28 } = store.images.value ?? {};
  const network = autoencoder([rows, columns], spec.hidden);
  const weights = layersOf(network).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  return (
    <p class="network-summary">
      <strong>{networkName(network).replaceAll("-", " → ")}</strong>
      <br />
      code size {formatCount(codeSize(network))}, {formatCount(weights)} weights
    </p>
  );
}
