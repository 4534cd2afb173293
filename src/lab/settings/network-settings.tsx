import type { OutputName } from "../../spec/network.ts";
import type { InitializationName } from "../../spec/training.ts";
import { edit } from "../run/actions.ts";
import { SelectSetting } from "../shared/controls.tsx";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { reading, store } from "../store.ts";
import { TextSetting } from "./fields.tsx";
import { HyperparameterSettings } from "./hyperparameter-settings.tsx";
import { NetworkPicture } from "./network-picture.tsx";
import { SettingsGroup } from "./settings-group.tsx";

const outputs: readonly { value: OutputName; title: string; help: string }[] = [
  { value: "sigmoid", title: "Sigmoid", help: "Between black and white, whatever comes: always a picture." },
  {
    value: "linear",
    title: "Linear",
    help: "The last layer's numbers as they are; goes with squared error.",
  },
  {
    value: "residual",
    title: "Residual",
    help: "The last layer is the noise, which is taken away; goes with squared error, and best with little noise.",
  },
];

const initializations: readonly { value: InitializationName; title: string; help: string }[] = [
  { value: "glorot", title: "Glorot", help: "Weights are drawn to begin with as Keras does." },
  {
    value: "he",
    title: "He",
    help: "Weights are drawn somewhat larger to begin with: keeps deep networks alive.",
  },
  { value: "torch", title: "PyTorch", help: "Weights are drawn to begin with as PyTorch does." },
  {
    value: "identity",
    title: "Identity",
    help: "The network begins by leaving the picture much as it is: best for little noise. Each layer needs a node for every pixel.",
  },
];

/** The layers between the noisy and the denoised picture. */
export function NetworkSettings({ open }: { readonly open: boolean }) {
  const { hidden, output, initialization, centre } = store.draft.value;
  return (
    <SettingsGroup title="Network" brief={hidden} open={open}>
      <HyperparameterSettings />
      <TextSetting
        field="hidden"
        title="Hidden layers"
        help="The same as a list, for networks of any other form: nodes of each layer, from picture to picture."
      />
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
        help="The first layer sees each pixel less a half, which helps deep networks; the finished network takes pictures as they are."
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
