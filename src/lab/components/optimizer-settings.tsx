import { adadeltaPresets, optimizerNames, optimizers } from "../../spec/optimizer.ts";
import { edit } from "../run-control.ts";
import {
  type AdadeltaPresetName,
  adadeltaPresetOf,
  numberFields,
  numbersDraft,
} from "../settings/optimizer-draft.ts";
import { store } from "../store.ts";
import { ChoiceSetting } from "./choice-setting.tsx";
import { ScheduleSettings } from "./schedule-settings.tsx";
import { SettingsGroup } from "./settings-group.tsx";
import { TextSetting } from "./text-setting.tsx";

const options = optimizerNames.map((name) => ({ value: name, title: optimizers[name].title }));

const frameworks: readonly { value: AdadeltaPresetName; title: string }[] = [
  { value: "keras2", title: "Keras 2" },
  { value: "keras3", title: "Keras 3" },
];

/** How the weights follow the gradient. */
export function OptimizerSettings({ open }: { readonly open: boolean }) {
  const { value: draft } = store.draft;
  const { title, help } = optimizers[draft.optimizer];
  const fields = numberFields(draft.optimizer);
  const lr = fields.flatMap(({ key, field }) => (key === "lr" ? [draft[field]] : []));
  const [rate, ...others] = fields.map(({ field, setting }) => (
    <TextSetting key={field} field={field} title={setting.title} help={sentence(setting.help)} />
  ));
  return (
    <SettingsGroup title="Optimizer" brief={`${title} at ${lr}`} open={open}>
      <ChoiceSetting
        name="optimizer"
        title="Moves the weights"
        help={`${title} ${help}.`}
        options={options}
        chosen={draft.optimizer}
        onChoose={(value) => edit({ optimizer: value })}
      />
      {draft.optimizer === "adadelta" && <Frameworks />}
      {rate}
      <div class="setting-pair">{others}</div>
      <ScheduleSettings />
    </SettingsGroup>
  );
}

function Frameworks() {
  return (
    <ChoiceSetting
      name="framework"
      title="Settings of"
      help="Keras 2 has the learning rate 1. Keras 3 has 0.001, with which this network barely learns in 100 epochs."
      options={frameworks}
      chosen={adadeltaPresetOf(store.draft.value)}
      onChoose={(name) => edit(numbersDraft(adadeltaPresets[name]))}
    />
  );
}

/** A part of a sentence as one: the help of the table. */
function sentence(help: string): string {
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}
