import { Choice } from "../shared/choice.tsx";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { store } from "../store.ts";
import { clear, undo } from "./draw.ts";

const tools = [
  { value: "pen", title: "Pen" },
  { value: "eraser", title: "Eraser" },
] as const;

/** What draws, and ways back. */
export function PadTools() {
  const { tool, strokes, past, centre } = store.draw;
  return (
    <>
      <div class="pad-tools">
        <Choice
          name="pad-tool"
          legend="Tool"
          options={tools}
          chosen={tool.value}
          onChoose={(chosen) => {
            tool.value = chosen;
          }}
        />
        <button
          type="button"
          class="button button-small"
          aria-disabled={past.value.length === 0}
          onClick={undo}
        >
          Undo
        </button>
        <button
          type="button"
          class="button button-small"
          aria-disabled={strokes.value.length === 0}
          onClick={clear}
        >
          Clear
        </button>
      </div>
      <SwitchSetting
        id="draw-centre"
        title="Centre it as the training digits are"
        help="Where they never were, a network of dense layers knows no strokes."
        on={centre.value}
        onSwitch={(on) => {
          centre.value = on;
        }}
      />
    </>
  );
}
