import type { LossName } from "../../spec/training.ts";
import { edit } from "../run/actions.ts";
import { ChoiceSetting } from "../shared/choice-setting.tsx";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { store } from "../store.ts";
import { TextSetting } from "./fields.tsx";
import { SettingsGroup } from "./settings-group.tsx";

const losses: readonly { value: LossName; title: string }[] = [
  { value: "bce", title: "Cross-entropy" },
  { value: "mse", title: "Squared error" },
];

/** What is learned from, how often, and in which order. */
export function TrainingSettings({ open }: { readonly open: boolean }) {
  const { loss, epochs, batch, shuffle } = store.draft.value;
  const brief = `${epochs} ${epochs === "1" ? "epoch" : "epochs"}, batch ${batch}`;
  return (
    <SettingsGroup title="Training" brief={brief} open={open}>
      <ChoiceSetting
        name="loss"
        title="Loss"
        help="How far the output is from the clean picture: binary cross-entropy (BCE), or the mean of squared differences (MSE)."
        options={losses}
        chosen={loss}
        onChoose={(value) => edit({ loss: value })}
      />
      <div class="setting-pair">
        <TextSetting field="epochs" title="Epochs" help="How often every picture is learned from." />
        <TextSetting field="batch" title="Batch" help="Pictures to a step, which moves the weights once." />
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
        help="Starts the weights, the order and the noise. The same seed on the same GPU gives the same run, bit for bit."
      />
    </SettingsGroup>
  );
}
