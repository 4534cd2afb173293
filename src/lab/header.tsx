import mark from "./mark.svg";
import { ComputesOn } from "./run/computes-on.tsx";
import { store } from "./store.ts";

/** What this is, and what computes it. */
export function Header() {
  const unit = store.laboratory.value?.backend === "cpu" ? "CPU" : "GPU";
  return (
    <header class="header">
      <img class="header-mark" src={mark} alt="" width="56" height="56" />
      <div class="header-words">
        <h1>unsnow</h1>
        <p>
          Watch a small neural network learn to take the noise off pictures, on the {unit} of this computer.
        </p>
      </div>
      <ComputesOn />
    </header>
  );
}
