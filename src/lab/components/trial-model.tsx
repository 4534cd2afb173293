import type { Model, NetworkSpec } from "../../spec/network.ts";
import { ownImages, runNetwork, store } from "../store.ts";
import { tryModel, useRunWeights } from "../trial-control.ts";
import { NetworkWords } from "./network-words.tsx";
import { PickedFile } from "./picked-file.tsx";

/** Which network: the run's, or that of a model file. */
export function TrialModel() {
  const { value: chosen } = store.trial.model;
  return (
    <div class="trial-model">
      <PickedFile
        id="trial-model"
        title="Use a model file"
        accept=".safetensors"
        onPick={(file) => void tryModel(file)}
      >
        {chosen ? <FileInUse name={chosen.name} model={chosen.model} /> : <RunInUse />}
      </PickedFile>
      {chosen && (
        <button type="button" class="button button-small" onClick={useRunWeights}>
          Back to the run's weights
        </button>
      )}
    </div>
  );
}

function FileInUse({ name, model }: { readonly name: string; readonly model: Model }) {
  return (
    <>
      In use: <strong>{name}</strong>, <NetworkWords network={model.network} />.{" "}
      {isDigitSized(model.network) && "Networks of this size have mostly been trained on digits."}
    </>
  );
}

function RunInUse() {
  const { value: network } = runNetwork;
  if (!network) return <>A safetensors file that train wrote.</>;
  const digits = "This model was trained on digits: of a photograph it keeps what looks like strokes.";
  return (
    <>
      In use: the run's weights, <NetworkWords network={network} />. {!ownImages.value && digits} A
      safetensors file that train wrote can take their place.
    </>
  );
}

function isDigitSized({ image, channels }: NetworkSpec): boolean {
  return image[0] === 28 && image[1] === 28 && channels === 1;
}
