import { ownImages } from "../images/state.ts";
import { PickedFile, SelectSetting } from "../shared/controls.tsx";
import { networkWords } from "../shared/format.ts";
import { addressOf } from "../views/state.ts";
import { Draw } from "./drawing-view.tsx";
import { networkInUse, networkTitles, trialNetwork, trialState } from "./state.ts";
import { chooseNetwork, tryModel } from "./trial.ts";

/** A drawing, denoised by a network. */
export function TryIt() {
  const { fault, reading } = trialState;
  return (
    <section class="card try-it" id="try-it" aria-labelledby="try-it-title">
      <div class="card-head">
        <h2 id="try-it-title">Try it</h2>
        <p class="try-it-note">also while the run trains</p>
      </div>
      <div class="try-it-settings">
        <TrialNetwork />
        <p class="setting-help">
          Draw a digit, and the network removes the noise from it. For photographs and scans use{" "}
          <a href={addressOf("denoise")}>Denoise</a>.
        </p>
      </div>
      <div class="notices" role="status">
        {reading.value !== undefined && <p class="notice">Reading {reading.value}…</p>}
        {fault.value !== undefined && <p class="notice notice-failure">{fault.value}</p>}
      </div>
      <Draw />
    </section>
  );
}

/** The choice of the network: the run's, one that comes with the page, or that of a model file. */
function TrialNetwork() {
  const { value: chosen } = trialNetwork;
  return (
    <div class="trial-network">
      <SelectSetting
        id="trial-network"
        title="Network"
        help={<NetworkHelp />}
        options={networkTitles}
        chosen={chosen}
        onChoose={(choice) => void chooseNetwork(choice)}
      />
      {chosen === "file" && <ModelFile />}
    </div>
  );
}

function NetworkHelp() {
  const { value: choice } = trialNetwork;
  const { value: inUse } = networkInUse;
  const words = inUse?.network && networkWords(inUse.network);
  switch (choice) {
    case "run":
      return (
        <>
          {words}
          {words && ", as it is now. "}
          {!ownImages.value && "It is trained on digits."}
        </>
      );
    case "digits":
      return (
        <>
          {words}
          {words && ", "}trained for Gaussian noise of factor 0.5.
        </>
      );
    case "file":
      return "A safetensors file written by train.";
  }
}

function ModelFile() {
  const { value: model } = trialState.model;
  return (
    <PickedFile
      id="trial-model"
      title="Use a model file"
      accept=".safetensors"
      onPick={(file) => void tryModel(file)}
    >
      {model ? (
        <>
          In use: <strong>{model.source.file.name}</strong>, {networkWords(model.network)}.
        </>
      ) : (
        "Choose a file, or drop it on this card. It stays in this tab."
      )}
    </PickedFile>
  );
}
