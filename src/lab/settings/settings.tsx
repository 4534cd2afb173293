import { useRef } from "preact/hooks";
import { OfferedImages } from "../images/offered-images.tsx";
import { DataSettings } from "./data-settings.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import { Notices } from "./notices.tsx";
import { OptimizerSettings } from "./optimizer-settings.tsx";
import { PresetSettings } from "./preset-settings.tsx";
import { TrainingSettings } from "./training-settings.tsx";

/** All that can be set, in the order in which it comes into play. */
export function Settings() {
  // Where the page is one column, the results should not wait below a long form.
  const open = useRef(window.matchMedia("(min-width: 62rem)").matches).current;
  return (
    <form class="settings" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <Notices />
      <OfferedImages />
      <PresetSettings open={open} />
      <DataSettings open={open} />
      <NetworkSettings open={open} />
      <TrainingSettings open={open} />
      <OptimizerSettings open={false} />
    </form>
  );
}
