import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { nextTask } from "../network/work-slices.ts";
import { DropHint } from "./images/own-images.tsx";
import { ShownImages } from "./images/shown-images.tsx";
import mark from "./mark.svg";
import { ComputesOn, Unsupported } from "./run/computes-on.tsx";
import { KeysButton, KeysDialog } from "./run/keys.tsx";
import { RunBar } from "./run/run-bar.tsx";
import { ContinueOffers, FailureNotice, RunNotices } from "./run/run-notices.tsx";
import { runState } from "./run/state.ts";
import { Settings } from "./settings/settings.tsx";

/** The whole page: the header, the opening images, the settings, the results. */
export function Page() {
  return (
    <>
      <a class="skip-link" href="#results">
        Skip to the results
      </a>
      <Header />
      {runState.phase.value === "unsupported" ? <Unsupported /> : <Bench />}
      <Footer />
      <p class="visually-hidden" id="announcement" role="status">
        {runState.announcement}
      </p>
      <KeysDialog />
    </>
  );
}

function Bench() {
  return (
    <>
      <DropHint />
      <RunBar />
      <main class="bench">
        <div class="opening">
          <FailureNotice />
          <RunNotices />
          <ContinueOffers />
          <ShownImages />
        </div>
        <Settings />
        <div class="results" id="results" tabIndex={-1}>
          <OneByOne load={loadResults} />
        </div>
      </main>
    </>
  );
}

const loadResults = async () => (await import("./cards.ts")).results;

/** The title, and what computes. */
function Header() {
  const unit = runState.laboratory.value?.backend === "cpu" ? "CPU" : "GPU";
  return (
    <header class="header">
      <img class="header-mark" src={mark} alt="" width="56" height="56" />
      <div class="header-words">
        <h1>unsnow</h1>
        <p>
          Watch a small neural network learn to remove noise from pictures, on the {unit} of this computer.
        </p>
      </div>
      <ComputesOn />
    </header>
  );
}

/** The page's footer. */
function Footer() {
  return (
    <footer class="footer">
      <p>Everything happens in this tab: no picture, setting or number leaves this computer.</p>
      <KeysButton />
    </footer>
  );
}

interface OneByOneProps {
  /** Loads the components to draw, from top to bottom. */
  readonly load: () => Promise<readonly ComponentType[]>;
}

/** Parts of the page that are not visible at first. Each is drawn in a separate task, so that input is handled in between. */
function OneByOne({ load }: OneByOneProps) {
  const drawn = useSignal<readonly ComponentType[]>([]);
  useEffect(() => {
    let gone = false;
    const draw = async () => {
      for (const Part of await load()) {
        await nextTask();
        if (gone) return;
        drawn.value = [...drawn.value, Part];
      }
    };
    void draw();
    return () => {
      gone = true;
    };
  }, []);
  return (
    <>
      {drawn.value.map((Part, index) => (
        <Part key={index} />
      ))}
    </>
  );
}
