import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { DropHint } from "./images/drop-hint.tsx";
import { ShownImages } from "./images/shown-images.tsx";
import { OneByOne } from "./one-by-one.tsx";
import { ContinueOffers } from "./run/continue-offers.tsx";
import { FailureNotice } from "./run/failure-notice.tsx";
import { KeysDialog } from "./run/keys.tsx";
import { RunBar } from "./run/run-bar.tsx";
import { RunNotices } from "./run/run-notices.tsx";
import { Unsupported } from "./run/unsupported.tsx";
import { Settings } from "./settings/settings.tsx";
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

const loadResults = async () => (await import("./cards.ts")).results;
