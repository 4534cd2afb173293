import { computed } from "@preact/signals";
import type { NetworkSpec } from "../../spec/network.ts";
import type { ModelSource, ShippedName } from "../protocol.ts";
import { runNetwork, store, trialNetwork } from "../store.ts";
import type { NetworkChoice } from "./trial-state.ts";

/** A network that can be tried. */
interface NetworkInUse {
  /** Undefined for the run's, as it is at that moment. */
  readonly source: ModelSource | undefined;
  /** What to call it; undefined for the run's. */
  readonly name: string | undefined;
  /** Undefined until it is known. */
  readonly network: NetworkSpec | undefined;
}

export const networkTitles: readonly { readonly value: NetworkChoice; readonly title: string }[] = [
  { value: "run", title: "The run's" },
  { value: "digits", title: "Digits, trained beforehand" },
  { value: "photo", title: "Photographs, trained beforehand" },
  { value: "file", title: "A file…" },
];

const shippedWords: Readonly<Record<ShippedName, string>> = {
  digits: "the network for digits",
  photo: "the network for photographs",
};

/** The network that "Try it" uses; undefined while there is no run, or no file where one is to be used. */
export const networkInUse = computed<NetworkInUse | undefined>(() => {
  const { value: choice } = trialNetwork;
  const { value: model } = store.trial.model;
  if (choice === "run") {
    return runNetwork.value && { source: undefined, name: undefined, network: runNetwork.value };
  }
  if (choice === "file") {
    return model && { source: model.source, name: model.source.file.name, network: model.network };
  }
  return {
    source: { kind: "shipped", name: choice },
    name: shippedWords[choice],
    network: store.trial.shipped.value.get(choice),
  };
});
