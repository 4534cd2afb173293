import type { ComponentChildren } from "preact";
import { isolation } from "../offline/registration.ts";
import type { Backend, Laboratory } from "../protocol.ts";
import { addressWith, wantedBackend, wantedThreads } from "./options.ts";
import { runState } from "./state.ts";

/** What computes, and links to change that. Until it is known, its place is kept. */
export function ComputesOn() {
  const { value: laboratory } = runState.laboratory;
  if (!laboratory) return <div class="adapter" />;
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
            This is a software GPU. The CPU by itself is several times faster.{" "}
            <BackendLink backend="cpu">Use the CPU instead</BackendLink>
          </p>
          <HowToGetTheGpu />
        </>
      )}
    </>
  );
}

function OnCpu({ laboratory: { adapter, fallbackReason, replacesSoftware } }: ComputesOnProps) {
  const forced = fallbackReason === undefined;
  return (
    <>
      <p>
        Computes on the <span id="adapter">{adapter.name}</span>:{" "}
        {fallbackReason ?? "the page's address asks for it."}{" "}
        {forced && <BackendLink backend={undefined}>Use the GPU</BackendLink>}
        {replacesSoftware && <BackendLink backend="gpu">Use it instead</BackendLink>}
      </p>
      <OneThread />
      <HowToGetTheGpu />
    </>
  );
}

/** The note that only one thread computes because threads cannot share memory in this page, and what to do about it. */
function OneThread() {
  const { hardwareConcurrency: cores } = navigator;
  const wanted = wantedThreads(new URLSearchParams(window.location.search)) ?? cores;
  if (isolation.value === "isolated" || Math.min(wanted, cores) <= 1) return null;
  const one = `Only one of this computer's ${cores} cores computes.`;
  if (isolation.value === "after a reload") {
    return (
      <p>
        {one} After a reload all do.{" "}
        <button type="button" class="button button-small" onClick={() => window.location.reload()}>
          Reload
        </button>
      </p>
    );
  }
  return (
    <>
      <p>{one}</p>
      <Help title="How to use all cores">
        <ThreadsHelp />
      </Help>
    </>
  );
}

function HowToGetTheGpu() {
  return (
    <Help title="How to get the GPU">
      <GpuHelp />
    </Help>
  );
}

interface HelpProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

function Help({ title, children }: HelpProps) {
  return (
    <details class="adapter-help">
      <summary>{title}</summary>
      <div class="card adapter-help-card">{children}</div>
    </details>
  );
}

interface BackendLinkProps {
  /** What is to compute; undefined for a real GPU if there is one, otherwise the CPU. */
  readonly backend: Backend | undefined;
  readonly children: ComponentChildren;
}

/** A link that loads the page again, at its current address with another backend. */
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

/** The headers that let threads share memory (web.dev/articles/coop-coep). */
function ThreadsHelp() {
  return (
    <>
      <p>
        Threads share memory only on a page that is cross-origin isolated. The server sends it, and its files,
        with the headers
      </p>
      <ul>
        <li>
          <code>Cross-Origin-Opener-Policy: same-origin</code>
        </li>
        <li>
          <code>Cross-Origin-Embedder-Policy: require-corp</code>
        </li>
      </ul>
      <p>
        Where the browser keeps the page for use without a network, the page adds them itself, from the first
        reload on. A page in a frame is isolated only if the page around it is.
      </p>
    </>
  );
}

/** How to enable the GPU in each browser and on each system. */
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

/** Why the backend that the address requests, or every backend, is not available, and what to do about it. */
export function Unsupported() {
  const wanted = wantedBackend(new URLSearchParams(window.location.search));
  return (
    <main class="card unsupported">
      <h2>{wanted === "gpu" ? "There is no GPU to train on here" : "This browser cannot train here"}</h2>
      <p role="alert">{runState.failure.value}</p>
      {wanted === "gpu" && (
        <p>
          The address asks for the GPU. The page works on the CPU as well, only slower:{" "}
          <BackendLink backend="cpu">Use the CPU instead</BackendLink>
        </p>
      )}
      {wanted === "cpu" && (
        <p>
          The address asks for the CPU. <BackendLink backend={undefined}>Use the GPU</BackendLink>
        </p>
      )}
      {wanted !== "cpu" && <GpuHelp />}
    </main>
  );
}
