import { useSignal } from "@preact/signals";
import { formatCount, formatDecibels, formatLoss } from "../shared/format.ts";
import { overlays, store } from "../store.ts";
import { toggleShown } from "./actions.ts";
import { RunActions } from "./run-actions.tsx";
import { RunName } from "./run-name.tsx";
import type { KeptRun } from "./run-record.ts";
import { RunSwatch } from "./run-swatch.tsx";

const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** One kept run: whether the charts show it, its name, its figures, and what can be done with it. */
export function RunItem({ run }: { readonly run: KeptRun }) {
  const open = useSignal(false);
  const renaming = useSignal(false);
  const current = run.id === store.runs.current.value;
  return (
    <li class="run-item" data-current={current} aria-label={run.name}>
      <ShowRun run={run} current={current} />
      <div class="run-words">
        <RunName run={run} current={current} renaming={renaming} />
        <RunFigures run={run} />
      </div>
      <button
        type="button"
        class="button button-small"
        aria-expanded={open.value}
        aria-label={`Actions for ${run.name}`}
        title="Actions"
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor">
          <path d="M2 6.5h3v3H2zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3z" />
        </svg>
      </button>
      {open.value && <RunActions run={run} current={current} renaming={renaming} />}
    </li>
  );
}

interface ShowRunProps {
  readonly run: KeptRun;
  readonly current: boolean;
}

/** The page's own run is in the charts anyway. */
function ShowRun({ run, current }: ShowRunProps) {
  if (current) return <span class="run-show" aria-hidden="true" />;
  const overlay = overlays.value.find((shown) => shown.run.id === run.id);
  return (
    <label class="run-show">
      <input
        type="checkbox"
        checked={overlay !== undefined}
        aria-label={`Show ${run.name} in the charts`}
        onChange={() => toggleShown(run)}
      />
      <span>{overlay ? <RunSwatch color={overlay.color} dash={overlay.dash} /> : "show"}</span>
    </label>
  );
}

/** "20 of 100 epochs · loss 0.1234 · 14.2 dB · Jul 21, 2025, 2:03 PM" */
function RunFigures({ run: { epochs, spec, created } }: { readonly run: KeptRun }) {
  const latest = epochs.at(-1);
  const done = epochs.length < spec.epochs ? `${formatCount(epochs.length)} of ` : "";
  return (
    <p class="run-figures">
      <span>
        {done}
        {formatCount(spec.epochs)} {spec.epochs === 1 ? "epoch" : "epochs"}
      </span>
      {latest && (
        <span title={`Validation loss, ${spec.loss}`}>
          loss <b>{formatLoss(latest.valLoss)}</b>
        </span>
      )}
      {latest && (
        <span title="Validation PSNR">
          <b>{formatDecibels(latest.valPsnr)}</b> dB
        </span>
      )}
      <time dateTime={new Date(created).toISOString()}>{times.format(created)}</time>
    </p>
  );
}
