import type { ComponentChildren } from "preact";
import type { Backend, Laboratory } from "../protocol.ts";
import { addressWith } from "./options.ts";
import { runState } from "./state.ts";

/** What computes here, and how to have something else compute. */
export function ComputesOn() {
  const { value: laboratory } = runState.laboratory;
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

interface BackendLinkProps {
  /** What is to compute; undefined for the GPU where there is one. */
  readonly backend: Backend | undefined;
  readonly children: ComponentChildren;
}

/** Loads the page again, at the address as it is then but for what is to compute. */
function BackendLink({ backend, children }: BackendLinkProps) {
  const address = () => addressWith(window.location.href, backend);
  return (
    <a
      class="backend-link"
      href={address()}
      onClick={({ currentTarget }) => {
        currentTarget.href = address();
      }}
    >
      {children}
    </a>
  );
}

/** How each browser, on each system, lets a page have the GPU. */
function GpuHelp() {
  return (
    <>
      <p>unsnow computes on the GPU through WebGPU, which needs</p>
      <ul>
        <li>
          <strong>Chrome or Edge.</strong> On Windows, macOS and ChromeOS version 113 or newer. On Android 12
          or newer version 121. On Linux version 144 with a recent Intel GPU and 147 with one from NVIDIA;
          with others open <code>chrome://flags</code> and enable <code>#enable-unsafe-webgpu</code> and{" "}
          <code>#enable-vulkan</code>.
        </li>
        <li>
          <strong>Safari.</strong> Version 26 or newer, on macOS, iPhone and iPad.
        </li>
        <li>
          <strong>Firefox.</strong> On Windows version 141 or newer, on Macs with Apple silicon version 147.
          Elsewhere Firefox Nightly, with <code>dom.webgpu.enabled</code> set to true in{" "}
          <code>about:config</code>.
        </li>
        <li>
          <strong>A safe address.</strong> The page must come from <code>https</code> or from{" "}
          <code>localhost</code>.
        </li>
        <li>
          <strong>A GPU that the browser may use.</strong> Check that hardware acceleration is on in the
          browser's settings and that the graphics driver is up to date.
        </li>
      </ul>
      <p>Then reload this page.</p>
    </>
  );
}

/** Why the GPU that the address requests is not available, and what to do about it. */
export function Unsupported() {
  return (
    <main class="card unsupported">
      <h2>There is no GPU to train on here</h2>
      <p role="alert">{runState.failure.value}</p>
      <p>
        The address asks for the GPU. The page works on the CPU as well, only slower:{" "}
        <BackendLink backend="cpu">Use the CPU instead</BackendLink>
      </p>
      <GpuHelp />
    </main>
  );
}
