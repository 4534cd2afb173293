import { batch } from "@preact/signals";
import { markPretrained } from "../images/state.ts";
import { runState } from "../run/state.ts";
import { ask, sentenceOf } from "../run/worker-link.ts";
import { nextModelFile } from "../shared/picture-files.ts";
import { keepDigits, type NetworkChoice, trialState } from "./state.ts";

/** Reads a model file to denoise drawings with; if it cannot be read, the previous network stays. */
export async function tryModel(file: File): Promise<void> {
  const source = { kind: "file", id: nextModelFile(), file } as const;
  const network = await reading(file.name, () => ask((connected) => connected.readModel(source), refuse));
  if (!network) return;
  batch(() => {
    trialState.chosen.value = "file";
    trialState.model.value = { source, network };
  });
}

/** Chooses the network; the one for digits is fetched now, and the previous choice stays if it cannot be loaded. */
export async function chooseNetwork(choice: NetworkChoice): Promise<void> {
  const { value: before } = trialState.chosen;
  trialState.chosen.value = choice;
  trialState.fault.value = undefined;
  if (choice !== "digits" || trialState.digits.value) return;
  await reading("digits.safetensors", async () => {
    const network = await ask(
      (connected) => connected.readModel({ kind: "shipped", name: "digits" }),
      refuse,
    );
    if (!network) return;
    keepDigits(network);
    markPretrained(false);
  });
  if (trialState.chosen.value === choice && !trialState.digits.value) trialState.chosen.value = before;
}

/** Reads a file; undefined if it cannot be read, or if another was chosen meanwhile. */
async function reading<T>(name: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
  if (!runState.laboratory.value || runState.phase.value === "failed") {
    trialState.fault.value = `${name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
    return undefined;
  }
  const choice = Symbol();
  trialState.latest.value = choice;
  trialState.reading.value = name;
  trialState.fault.value = undefined;
  const found = await read();
  if (trialState.latest.value !== choice) return undefined;
  trialState.reading.value = undefined;
  return found;
}

function refuse(error: unknown): void {
  trialState.fault.value = sentenceOf(error);
}
