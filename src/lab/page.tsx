import { useSignal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { useEffect } from "preact/hooks";
import { nextTask } from "../network/work-slices.ts";
import { followPretrained } from "./images/shown.ts";
import { ShownImages } from "./images/shown-images.tsx";
import mark from "./mark.svg";
import { followIsolation, keepOfflineCopy } from "./offline/registration.ts";
import { compareFiltersWithRuns } from "./results/actions.ts";
import { ComputesOn, Unsupported } from "./run/computes-on.tsx";
import { KeysButton, KeysDialog, listenForKeys } from "./run/keys.tsx";
import { ContinueOffers, FailureNotice, RunBar, RunNotices } from "./run/run-bar.tsx";
import {
  announceEpochs,
  askBeforeLeaving,
  prepareRuns,
  saveWhenHidden,
  stayAwakeWhileTraining,
} from "./run/side-effects.ts";
import { learns, runState } from "./run/state.ts";
import { continueWantedRun } from "./runs/continue-run.ts";
import { keepRuns } from "./runs/keep-run.ts";
import { shelf } from "./runs/shelf.ts";
import { Settings } from "./settings/settings.tsx";
import { listenForDrops, listenForPastes } from "./views/drops.ts";
import { addressOf, followViews, type View, viewState } from "./views/state.ts";

/** Renders the page, and makes it react to input and to its state. */
export function showPage(): void {
  const app = document.getElementById("app");
  if (!app) throw new Error("index.html has no element #app.");
  render(<Page />, app);
  followViews();
  listenForKeys();
  announceEpochs();
  stayAwakeWhileTraining();
  askBeforeLeaving();
  listenForDrops();
  listenForPastes();
  compareFiltersWithRuns();
  void shelf.open();
  keepRuns();
  continueWantedRun();
  saveWhenHidden();
  followPretrained();
  prepareRuns();
  keepOfflineCopy();
  followIsolation();
}

/** The whole page: the header, and the view that is shown. Views that were shown before stay in it, hidden. */
function Page() {
  return (
    <>
      <SkipLink />
      <Header />
      <DropHint />
      {runState.phase.value === "unsupported" ? <Unsupported /> : <Views />}
      <Footer />
      <p class="visually-hidden" id="announcement" role="status">
        {runState.announcement}
      </p>
      <KeysDialog />
    </>
  );
}

function Views() {
  const { value: visited } = viewState.visited;
  const { value: view } = viewState.view;
  return (
    <>
      {visited.has("train") && (
        <div hidden={view !== "train"}>
          <Bench />
        </div>
      )}
      {visited.has("denoise") && (
        <main class="denoise" id="pictures" tabIndex={-1} hidden={view !== "denoise"}>
          <OneByOne load={loadDenoise} />
        </main>
      )}
    </>
  );
}

/** The link over the header and the settings, for the keyboard. The address does not change: settings and the view are in it. */
function SkipLink() {
  const training = viewState.view.value === "train";
  const id = training ? "results" : "pictures";
  const skip = (event: Event) => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return (
    <a class="skip-link" href={`#${id}`} onClick={skip}>
      Skip to the {training ? "results" : "pictures"}
    </a>
  );
}

/** Training: the opening images, the settings, the results. */
function Bench() {
  return (
    <>
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

const loadResults = async () => (await import("./cards.tsx")).results;
const loadDenoise = async () => [(await import("./denoise/denoise-view.tsx")).DenoiseView];

/** The title, the views, and what computes. */
function Header() {
  const unit = runState.laboratory.value?.backend === "cpu" ? "CPU" : "GPU";
  const does =
    viewState.view.value === "train"
      ? "Watch a small neural network learn to remove noise"
      : "Remove the noise from your pictures";
  return (
    <header class="header">
      <img class="header-mark" src={mark} alt="" width="56" height="56" />
      <div class="header-words">
        <h1>unsnow</h1>
        <p>
          {does}, on the {unit} of this computer.
        </p>
      </div>
      <Navigation />
      {viewState.view.value === "train" && <ComputesOn />}
    </header>
  );
}

/** The page's footer. Where pictures are denoised it has what computes, which would move them when it becomes known. */
function Footer() {
  const { value: view } = viewState.view;
  return (
    <footer class={`footer footer-${view}`}>
      <p>Everything happens in this tab: no picture, setting or number leaves this computer.</p>
      <KeysButton />
      {view === "denoise" && <ComputesOn />}
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

const links: readonly { readonly view: View; readonly title: string }[] = [
  { view: "denoise", title: "Denoise" },
  { view: "train", title: "Train" },
];

/** The links to the page's views. */
function Navigation() {
  return (
    <nav class="views" aria-label="Views">
      {links.map(({ view, title }) => (
        <a
          key={view}
          class="views-link"
          href={addressOf(view)}
          aria-current={viewState.view.value === view ? "page" : undefined}
        >
          {title}
          {view === "train" && learns.value && <span class="views-live"> (running)</span>}
        </a>
      ))}
    </nav>
  );
}

/** The hint, while files are dragged over the page, that they can be dropped. */
function DropHint() {
  const training = viewState.view.value === "train";
  return (
    <div class="drop-hint" role="status">
      {viewState.dragging.value && (
        <p>
          {training
            ? "Drop IDX files here to see what they hold, pictures to train on, or one to denoise."
            : "Drop pictures here to denoise them, or a model file to denoise with."}
        </p>
      )}
    </div>
  );
}
