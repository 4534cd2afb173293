import { adadeltaPresets, optimizerNames, optimizers } from "../../spec/optimizer.ts";
import type { LossName } from "../../spec/settings.ts";
import { ChoiceSetting, SwitchSetting } from "../shared/controls.tsx";
import { edit } from "./actions.ts";
import {
  type AdadeltaPresetName,
  adadeltaPresetOf,
  numberFields,
  numbersDraft,
  type ScheduleKind,
} from "./draft-parts.ts";
import { SettingsGroup, TextSetting } from "./fields.tsx";
import { settingsState } from "./state.ts";

const losses: readonly { value: LossName; title: string }[] = [
  { value: "bce", title: "Cross-entropy" },
  { value: "mse", title: "Squared error" },
];

/** The settings of the loss, the epochs, the batch and the order of the images. */
export function TrainingSettings({ open }: { readonly open: boolean }) {
  const { loss, epochs, batch, shuffle } = settingsState.draft.value;
  const brief = `${epochs} ${epochs === "1" ? "epoch" : "epochs"}, batch ${batch}`;
  return (
    <SettingsGroup title="Training" brief={brief} open={open}>
      <ChoiceSetting
        name="loss"
        title="Loss"
        help="How far the output is from the wanted picture: binary cross-entropy (BCE), or the mean of squared differences (MSE)."
        options={losses}
        chosen={loss}
        onChoose={(value) => edit({ loss: value })}
      />
      <div class="setting-pair">
        <TextSetting field="epochs" title="Epochs" help="Passes through all training pictures." />
        <TextSetting
          field="batch"
          title="Batch"
          help="Pictures per step; each step updates the weights once."
        />
      </div>
      <SwitchSetting
        id="setting-shuffle"
        title="Shuffle"
        help="Takes the pictures in a new order every epoch."
        on={shuffle}
        onSwitch={(on) => edit({ shuffle: on })}
      />
      <TextSetting
        field="seed"
        title="Seed"
        help="The seed of the weights, the order and the noise. The same seed on the same GPU or CPU gives the same run, bit for bit."
      />
    </SettingsGroup>
  );
}

const optimizerOptions = optimizerNames.map((name) => ({ value: name, title: optimizers[name].title }));

const frameworks: readonly { value: AdadeltaPresetName; title: string }[] = [
  { value: "keras2", title: "Keras 2" },
  { value: "keras3", title: "Keras 3" },
];

/** An optimizer and its settings. */
export function OptimizerSettings({ open }: { readonly open: boolean }) {
  const { value: draft } = settingsState.draft;
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
        options={optimizerOptions}
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
      chosen={adadeltaPresetOf(settingsState.draft.value)}
      onChoose={(name) => edit(numbersDraft(adadeltaPresets[name]))}
    />
  );
}

/** Makes the table's help, a part of a sentence, a whole sentence. */
function sentence(help: string): string {
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}

const schedules: readonly { value: ScheduleKind; title: string }[] = [
  { value: "constant", title: "Constant" },
  { value: "cosine", title: "Cosine" },
  { value: "step", title: "Steps" },
];

const help: { readonly [K in ScheduleKind]: string } = {
  constant: "The learning rate stays as it is.",
  cosine: "The learning rate falls to 0 along half a cosine over the run.",
  step: "The learning rate is multiplied by the factor at regular intervals.",
};

/** The schedule of the learning rate. */
function ScheduleSettings() {
  const { schedule } = settingsState.draft.value;
  return (
    <>
      <ChoiceSetting
        name="schedule"
        title="Learning rate schedule"
        help={help[schedule]}
        options={schedules}
        chosen={schedule}
        onChoose={(value) => edit({ schedule: value })}
      />
      {schedule === "step" && (
        <div class="setting-pair">
          <TextSetting field="stepEpochs" title="Step after" help="Epochs between steps." />
          <TextSetting
            field="stepFactor"
            title="Step factor"
            help="Multiplies the learning rate at each step."
          />
        </div>
      )}
    </>
  );
}
