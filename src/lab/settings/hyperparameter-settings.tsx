import { edit } from "../run/actions.ts";
import { ChoiceSetting } from "../shared/choice-setting.tsx";
import { store } from "../store.ts";
import { CodeSlider } from "./code-slider.tsx";
import {
  type Hyperparameters,
  hiddenOf,
  hyperparametersOf,
  layerCounts,
  narrowestOf,
} from "./hyperparameters.ts";
import { WidthSetting } from "./width-setting.tsx";

const layerOptions = layerCounts.map((value) => ({ value, title: value }));

/** Code size, layers and nodes of a network that is the same from both sides. */
export function HyperparameterSettings() {
  const { hidden, nodes: lastNodes } = store.draft.value;
  const shape = hyperparametersOf(hidden);
  const { code = narrowestOf(hidden) ?? "32", layers = "1", nodes = lastNodes } = shape ?? {};

  /** Makes the widths symmetric; the nodes are kept for when there are layers again that have them. */
  const change = (changes: Partial<Hyperparameters>) => {
    const changed = { code, layers, nodes, ...changes };
    edit({ hidden: hiddenOf(changed), nodes: changed.nodes ?? lastNodes });
  };

  return (
    <>
      <WidthSetting
        id="setting-code"
        title="Code size"
        help="Nodes of the middle layer, which all that is kept of a picture must fit into."
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
            ? "With more than one, layers lie on both sides of the code, as many on each."
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
    return "Fewer than the middle layer has, so that these layers are the narrowest, and the code.";
  }
  return "Nodes of every hidden layer but the code.";
}
