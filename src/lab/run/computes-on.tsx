import type { Laboratory } from "../protocol.ts";
import { store } from "../store.ts";
import { BackendLink } from "./backend-link.tsx";
import { GpuHelp } from "./gpu-help.tsx";

/** What computes here, and how to have something else compute. */
export function ComputesOn() {
  const { value: laboratory } = store.laboratory;
  if (!laboratory) return null;
  return (
    <div class="adapter">
      {laboratory.backend === "cpu" ? <OnCpu laboratory={laboratory} /> : <OnGpu laboratory={laboratory} />}
    </div>
  );
}

interface ComputesOnProps {
  readonly laboratory: Laboratory;
}

function OnGpu({ laboratory: { adapter } }: ComputesOnProps) {
  return (
    <>
      <p>
        Computes on <span id="adapter">{adapter.name}</span>
      </p>
      {adapter.software && (
        <>
          <p>
            This is a software GPU, many times slower than a real one; the CPU by itself is slower still.{" "}
            <BackendLink backend="cpu">Use the CPU instead</BackendLink>
          </p>
          <HowToGetTheGpu />
        </>
      )}
    </>
  );
}

function OnCpu({ laboratory: { adapter, fallbackReason } }: ComputesOnProps) {
  const forced = fallbackReason === undefined;
  return (
    <>
      <p>
        Computes on <span id="adapter">{adapter.name}</span>:{" "}
        {fallbackReason ?? "the page's address asks for it."}{" "}
        {forced && <BackendLink backend={undefined}>Use the GPU</BackendLink>}
      </p>
      <HowToGetTheGpu />
    </>
  );
}

function HowToGetTheGpu() {
  return (
    <details class="adapter-help">
      <summary>How to get the GPU</summary>
      <div class="card adapter-help-card">
        <GpuHelp />
      </div>
    </details>
  );
}
