import { ContinueOffers } from "./components/continue-offers.tsx";
import { DropHint } from "./components/drop-hint.tsx";
import { FailureNotice } from "./components/failure-notice.tsx";
import { Footer } from "./components/footer.tsx";
import { Header } from "./components/header.tsx";
import { KeysDialog } from "./components/keys-dialog.tsx";
import { OneByOne } from "./components/one-by-one.tsx";
import { RunBar } from "./components/run-bar.tsx";
import { RunNotices } from "./components/run-notices.tsx";
import { Settings } from "./components/settings.tsx";
import { ShownImages } from "./components/shown-images.tsx";
import { Unsupported } from "./components/unsupported.tsx";
import { store } from "./store.ts";

/** The whole page: what it is about at first sight, then what goes in, then what comes out. */
export function Page() {
  return (
    <>
      <a class="skip-link" href="#results">
        Skip to the results
      </a>
      <Header />
      {store.phase.value === "unsupported" ? <Unsupported /> : <Bench />}
      <Footer />
      <p class="visually-hidden" id="announcement" role="status">
        {store.announcement}
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

const loadResults = async () => (await import("./components/results.ts")).results;
