import { adadeltaPresets } from "../../spec/optimizer.ts";
import { edit } from "../run-control.ts";
import { type PresetName, presetDraft, presetOf } from "../settings/draft.ts";
import { store } from "../store.ts";
import { ChoiceSetting } from "./choice-setting.tsx";
import { SettingsGroup } from "./settings-group.tsx";
import { TextSetting } from "./text-setting.tsx";

const presets: readonly { value: PresetName; title: string }[] = [
  { value: "keras2", title: "Keras 2" },
  { value: "keras3", title: "Keras 3" },
];

/** How the weights follow the gradient. */
export function OptimizerSettings({ open }: { readonly open: boolean }) {
  const { draft } = store;
  return (
    <SettingsGroup title="Adadelta" brief={`learning rate ${draft.value.lr}`} open={open}>
      <ChoiceSetting
        name="preset"
        title="Settings of"
        help="Keras 2 has the learning rate 1. Keras 3 has 0.001, with which this network barely learns in 100 epochs."
        options={presets}
        chosen={presetOf(draft.value)}
        onChoose={(name) => edit(presetDraft(adadeltaPresets[name]))}
      />
      <TextSetting field="lr" title="Learning rate" help="Every change of a weight is multiplied by this." />
      <div class="setting-pair">
        <TextSetting field="rho" title="Rho" help="Share of the past that is remembered at a step." />
        <TextSetting field="epsilon" title="Epsilon" help="How bold the first steps are." />
      </div>
    </SettingsGroup>
  );
}
