import { edit } from "../run/actions.ts";
import { ChoiceSetting } from "../shared/choice-setting.tsx";
import { store } from "../store.ts";
import { TextSetting } from "./fields.tsx";
import type { ScheduleKind } from "./optimizer-draft.ts";

const schedules: readonly { value: ScheduleKind; title: string }[] = [
  { value: "constant", title: "Constant" },
  { value: "cosine", title: "Cosine" },
  { value: "step", title: "Steps" },
];

const help: { readonly [K in ScheduleKind]: string } = {
  constant: "The learning rate stays as it is.",
  cosine: "The learning rate falls to 0 along half a cosine, so that the run comes to rest at its end.",
  step: "The learning rate is multiplied by the factor every so many epochs.",
};

/** What becomes of the learning rate in the course of the run. */
export function ScheduleSettings() {
  const { schedule } = store.draft.value;
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
          <TextSetting field="stepEpochs" title="Step after" help="Epochs from a step to the next." />
          <TextSetting
            field="stepFactor"
            title="Step factor"
            help="What the learning rate is multiplied by."
          />
        </div>
      )}
    </>
  );
}
