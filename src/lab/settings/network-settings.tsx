import type { OutputName } from "../../spec/layer-specs.ts";
import type { InitializationName } from "../../spec/settings.ts";
import { runImages } from "../run/state.ts";
import { ChoiceSetting, SelectSetting, SwitchSetting } from "../shared/controls.tsx";
import { edit } from "./actions.ts";
import {
  type Hyperparameters,
  hiddenOf,
  hyperparametersOf,
  type LayerForm,
  layerCounts,
  layerFormOf,
  narrowestOf,
} from "./draft-parts.ts";
import { SettingsGroup, TextSetting, WidthSetting } from "./fields.tsx";
import { NetworkPicture } from "./network-picture.tsx";
import { usualLayers } from "./presets.ts";
import { reading, settingsState } from "./state.ts";

const outputs: readonly { value: OutputName; title: string; help: string }[] = [
  { value: "sigmoid", title: "Sigmoid", help: "Every value is between black and white." },
  {
    value: "linear",
    title: "Linear",
    help: "The last layer's values unchanged; needs squared error.",
  },
  {
    value: "residual",
    title: "Residual",
    help: "The last layer predicts the noise, which is subtracted; needs squared error, and suits weak noise.",
  },
];

const initializations: readonly { value: InitializationName; title: string; help: string }[] = [
  { value: "glorot", title: "Glorot", help: "Initial weights are drawn as in Keras." },
  {
    value: "he",
    title: "He",
    help: "Initial weights are somewhat larger, which keeps deep networks from dying.",
  },
  { value: "torch", title: "PyTorch", help: "Initial weights are drawn as in PyTorch." },
  {
    value: "identity",
    title: "Identity",
    help: "The initial network leaves the picture nearly unchanged: best for weak noise. Each layer needs a node for every pixel.",
  },
];

const layerForms: readonly { value: LayerForm; title: string; help: string }[] = [
  {
    value: "dense",
    title: "Dense",
    help: "Every node sees the whole picture: quick on small images, but each pixel is learned by itself.",
  },
  {
    value: "convolutions",
    title: "Convolutions",
    help: "Every layer looks at each pixel and its neighbours in the same way: fewer weights, and pictures of any size.",
  },
];

const hiddenHelp: Readonly<Record<LayerForm, string>> = {
  dense:
    "The hidden layers as a list, for networks of any other form: nodes of each layer, from input to output.",
  convolutions:
    "conv:16 is a convolution to 16 channels, conv:16/2 halves the sides, up:16 doubles them, conv:16x4 is conv:16 four times, conv:16+2 adds the output of layer 2, and unet:16 is a small U-Net.",
};

/** The settings of the layers between the noisy and the denoised picture. */
export function NetworkSettings({ open }: { readonly open: boolean }) {
  const { hidden, output, initialization, centre, block, noiseMap } = settingsState.draft.value;
  const { rows = 28, columns = 28 } = runImages.value ?? {};
  const form = layerFormOf(hidden);
  return (
    <SettingsGroup title="Network" brief={hidden} open={open}>
      <ChoiceSetting
        name="layer-form"
        title="Layers"
        help={helpOf(layerForms, form)}
        options={layerForms}
        chosen={form}
        onChoose={(value) =>
          edit({ hidden: usualLayers(value, [rows, columns]), block: "1", noiseMap: false })
        }
      />
      {form === "dense" && <HyperparameterSettings />}
      <TextSetting field="hidden" title="Hidden layers" help={hiddenHelp[form]} />
      {(form === "convolutions" || block.trim() !== "1" || noiseMap) && (
        <>
          <TextSetting
            field="block"
            title="Block"
            help="Rows and columns of pixels that are seen as the channels of one: 2 takes a quarter of the work."
          />
          <SwitchSetting
            id="setting-noise-map"
            title="Noise map"
            help="The strength of the noise is one more channel, so that one network suits a range of strengths; for Gaussian noise."
            on={noiseMap}
            onSwitch={(on) => edit({ noiseMap: on })}
          />
        </>
      )}
      <SelectSetting
        id="setting-output"
        title="Output"
        help={helpOf(outputs, output)}
        options={outputs}
        chosen={output}
        fault={reading.value.faults.get("output")}
        onChoose={(value) => edit({ output: value })}
      />
      <SelectSetting
        id="setting-initialization"
        title="Initialization"
        help={helpOf(initializations, initialization)}
        options={initializations}
        chosen={initialization}
        onChoose={(value) => edit({ initialization: value })}
      />
      <SwitchSetting
        id="setting-centre"
        title="Centred input"
        help="0.5 is subtracted from each pixel before the first layer, which helps deep networks; the finished network takes pictures unchanged."
        on={centre}
        onSwitch={(on) => edit({ centre: on })}
      />
      <NetworkPicture />
    </SettingsGroup>
  );
}

function helpOf<T>(options: readonly { value: T; help: string }[], chosen: T): string {
  return options.find(({ value }) => value === chosen)?.help ?? "";
}

const layerOptions = layerCounts.map((value) => ({ value, title: value }));

/** The code size, number of layers and nodes of a symmetric network. */
function HyperparameterSettings() {
  const { hidden, nodes: lastNodes } = settingsState.draft.value;
  const shape = hyperparametersOf(hidden);
  const { code = narrowestOf(hidden) ?? "32", layers = "1", nodes = lastNodes } = shape ?? {};

  /** Makes the widths symmetric; the nodes are stored for when there are layers around the code again. */
  const change = (changes: Partial<Hyperparameters>) => {
    const changed = { code, layers, nodes, ...changes };
    edit({ hidden: hiddenOf(changed), nodes: changed.nodes ?? lastNodes });
  };

  return (
    <>
      <WidthSetting
        id="setting-code"
        title="Code size"
        help="Nodes of the middle layer, which limit how much of a picture is kept."
        word={shape?.code}
        placeholder="custom"
        onType={(word) => change({ code: word })}
      >
        <CodeSlider code={shape?.code} onSlide={(word) => change({ code: word })} />
      </WidthSetting>
      <ChoiceSetting
        name="layers"
        title="Number of hidden layers"
        help={
          shape
            ? "With more than one, there are as many layers before the code as after it."
            : "Custom: the list below has another form. Choosing a number makes it symmetric."
        }
        options={layerOptions}
        chosen={shape?.layers}
        onChoose={(count) => change({ layers: count })}
      />
      <WidthSetting
        id="setting-nodes"
        title="Nodes per layer"
        help={nodesHelp(shape)}
        word={shape?.nodes}
        placeholder={shape ? `${lastNodes}, with more layers` : "custom"}
        onType={(word) => change({ nodes: word })}
      />
    </>
  );
}

function nodesHelp(shape: Hyperparameters | undefined): string {
  if (shape?.layers === "1") return "The code is the only hidden layer, so there is nothing to set here.";
  if (shape?.nodes && Number(shape.nodes) < Number(shape.code)) {
    return "Fewer than the middle layer has, so these layers are the narrowest and form the code.";
  }
  return "Nodes of every hidden layer but the code.";
}

interface CodeSliderProps {
  /** Undefined if the network has no middle layer. */
  readonly code: string | undefined;
  readonly onSlide: (code: string) => void;
}

/** The slider's range of powers of two: 1 to 1024. */
const powers = { min: 0, max: 10, step: 1 };

/** A slider for the code size; each step doubles or halves it. */
function CodeSlider({ code, onSlide }: CodeSliderProps) {
  return (
    <input
      class="slider"
      type="range"
      {...powers}
      disabled={code === undefined}
      value={Math.round(Math.log2(Number(code))) || powers.min}
      aria-label={`Code size, from ${2 ** powers.min} to ${2 ** powers.max}`}
      aria-valuetext={code ?? "custom"}
      onInput={(event) => onSlide(String(2 ** event.currentTarget.valueAsNumber))}
    />
  );
}
