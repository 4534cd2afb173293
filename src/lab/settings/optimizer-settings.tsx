import { adadeltaPresets, type OptimizerName } from "../../spec/optimizer.ts";
import { edit } from "../run/actions.ts";
import { ChoiceSetting } from "../shared/choice-setting.tsx";
import { store } from "../store.ts";
import { TextSetting } from "./fields.tsx";
import { type AdadeltaPresetName, adadeltaDraft, adadeltaPresetOf } from "./optimizer-draft.ts";
import { ScheduleSettings } from "./schedule-settings.tsx";
import { SettingsGroup } from "./settings-group.tsx";

const optimizers: readonly { value: OptimizerName; title: string }[] = [
  { value: "adadelta", title: "Adadelta" },
  { value: "adam", title: "Adam" },
];

const frameworks: readonly { value: AdadeltaPresetName; title: string }[] = [
  { value: "keras2", title: "Keras 2" },
  { value: "keras3", title: "Keras 3" },
];

/** How the weights follow the gradient. */
export function OptimizerSettings({ open }: { readonly open: boolean }) {
  const { optimizer, lr, adamLr } = store.draft.value;
  const adam = optimizer === "adam";
  return (
    <SettingsGroup title="Optimizer" brief={adam ? `Adam at ${adamLr}` : `Adadelta at ${lr}`} open={open}>
      <ChoiceSetting
        name="optimizer"
        title="Moves the weights"
        help="Adadelta finds the length of its steps by itself; Adam is told it, and is faster here."
        options={optimizers}
        chosen={optimizer}
        onChoose={(value) => edit({ optimizer: value })}
      />
      {adam ? <Adam /> : <Adadelta />}
      <ScheduleSettings />
    </SettingsGroup>
  );
}

function Adadelta() {
  return (
    <>
      <ChoiceSetting
        name="framework"
        title="Settings of"
        help="Keras 2 has the learning rate 1. Keras 3 has 0.001, with which this network barely learns in 100 epochs."
        options={frameworks}
        chosen={adadeltaPresetOf(store.draft.value)}
        onChoose={(name) => edit(adadeltaDraft(adadeltaPresets[name]))}
      />
      <TextSetting field="lr" title="Learning rate" help="Every change of a weight is multiplied by this." />
      <div class="setting-pair">
        <TextSetting field="rho" title="Rho" help="Share of the past that is remembered at a step." />
        <TextSetting field="epsilon" title="Epsilon" help="How bold the first steps are." />
      </div>
    </>
  );
}

function Adam() {
  return (
    <>
      <TextSetting
        field="adamLr"
        title="Learning rate"
        help="About how far a weight moves at a step, at most."
      />
      <div class="setting-pair">
        <TextSetting field="beta1" title="Beta 1" help="Share of the past gradients that is remembered." />
        <TextSetting field="beta2" title="Beta 2" help="The same of their squares." />
      </div>
      <TextSetting
        field="adamEpsilon"
        title="Epsilon"
        help="Keeps steps small where there is hardly any gradient."
      />
    </>
  );
}
