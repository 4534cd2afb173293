import { DropHint } from "./components/drop-hint.tsx";
import { FailureNotice } from "./components/failure-notice.tsx";
import { Footer } from "./components/footer.tsx";
import { Header } from "./components/header.tsx";
import { KernelTimes } from "./components/kernel-times.tsx";
import { Loss } from "./components/loss.tsx";
import { Readouts } from "./components/readouts.tsx";
import { RunBar } from "./components/run-bar.tsx";
import { Settings } from "./components/settings.tsx";
import { ShownImages } from "./components/shown-images.tsx";
import { TryIt } from "./components/try-it.tsx";
import { Unsupported } from "./components/unsupported.tsx";
import { store } from "./store.ts";

/** The whole page, in the order in which data flows: what goes in, then what comes out. */
export function Page() {
  return (
    <>
      <Header />
      {store.phase.value === "unsupported" ? <Unsupported /> : <Bench />}
      <Footer />
    </>
  );
}

function Bench() {
  return (
    <>
      <DropHint />
      <RunBar />
      <div class="bench">
        <Settings />
        <main class="results">
          <FailureNotice />
          <Readouts />
          <ShownImages />
          <Loss />
          <TryIt />
          {store.profiling && <KernelTimes />}
        </main>
      </div>
    </>
  );
}
