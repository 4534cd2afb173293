import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { comparedWith, validationPsnrTitle } from "../images/summary.ts";
import { keptRunId } from "../run/state.ts";
import { formatCount, formatDecibels, formatLoss } from "../shared/format.ts";
import {
  deleteRun,
  exportPictures,
  exportRun,
  renameRun,
  takeSettings,
  toggleShown,
  tryRun,
} from "./actions.ts";
import { continueRun } from "./continue-run.ts";
import { type RunExport, runExports } from "./exports.ts";
import { type KeptRun, longestName } from "./run-record.ts";
import { continuableRuns, nextPlace, type Overlay, overlays } from "./state.ts";

const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** One kept run: whether the charts show it, its name, its figures and its actions. */
export function RunItem({ run }: { readonly run: KeptRun }) {
  const open = useSignal(false);
  const renaming = useSignal(false);
  const current = run.id === keptRunId.value;
  return (
    <li class="run-item" data-current={current} aria-label={run.name}>
      <ShowRun run={run} current={current} />
      <div class="run-words">
        <RunName
          run={run}
          current={current}
          renaming={renaming.value}
          onRenamed={() => {
            renaming.value = false;
          }}
        />
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
      {open.value && (
        <RunActions
          run={run}
          current={current}
          onRename={() => {
            renaming.value = true;
          }}
        />
      )}
    </li>
  );
}

interface ShowRunProps {
  readonly run: KeptRun;
  readonly current: boolean;
}

/** The checkbox that shows a run in the charts; the page's own run is always there. */
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
        <span title={validationPsnrTitle(spec)}>
          <b>{formatDecibels(latest.valPsnr)}</b> dB
        </span>
      )}
      <time dateTime={new Date(created).toISOString()}>{times.format(created)}</time>
    </p>
  );
}

interface RunNameProps {
  readonly run: KeptRun;
  readonly current: boolean;
  /** Whether the name is being edited. */
  readonly renaming: boolean;
  readonly onRenamed: () => void;
}

/** A run's name, or the field in which it is edited. */
function RunName({ run, current, renaming, onRenamed }: RunNameProps) {
  if (renaming) return <NameInput run={run} onRenamed={onRenamed} />;
  return (
    <p class="run-name">
      <strong>{run.name}</strong>
      {current && <span class="run-badge">current</span>}
    </p>
  );
}

/** The field for the name: Enter and losing the focus accept it, Escape keeps the old one. */
function NameInput({ run, onRenamed }: Pick<RunNameProps, "run" | "onRenamed">) {
  const input = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useLayoutEffect(() => input.current?.select(), []);
  const end = (name: string) => {
    // The field also loses the focus when it is removed.
    if (ended.current) return;
    ended.current = true;
    onRenamed();
    renameRun(run, name);
  };
  return (
    <input
      ref={input}
      class="text-input"
      aria-label={`New name of ${run.name}`}
      maxLength={longestName}
      defaultValue={run.name}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Enter" && key !== "Escape") return;
        const item = currentTarget.closest("li");
        end(key === "Enter" ? currentTarget.value : run.name);
        // The field is removed, and the focus should not be lost with it.
        item?.querySelector("button")?.focus();
      }}
      onBlur={(event) => end(event.currentTarget.value)}
    />
  );
}

interface RunActionsProps {
  readonly run: KeptRun;
  readonly current: boolean;
  readonly onRename: () => void;
}

/** All actions on a kept run. */
function RunActions({ run, current, onRename }: RunActionsProps) {
  const saved = continuableRuns.value.find((found) => found.run.id === run.id);
  return (
    <div class="run-actions">
      <div class="run-action-row">
        {saved && (
          <Action
            title="Continue"
            hint={`Continue training from ${nextPlace(saved.place)}`}
            onPress={() => continueRun(run)}
          />
        )}
        <Action title="Rename" onPress={onRename} />
        <Action title="Try it" hint="Denoise a picture with its weights" onPress={() => tryRun(run)} />
        <Action title="Use these settings" hint="Put them into the form" onPress={() => takeSettings(run)} />
        <Action title="Delete" onPress={() => deleteRun(run)} />
      </div>
      <fieldset class="run-action-row">
        <legend class="visually-hidden">Export {run.name}</legend>
        <span class="run-action-title" aria-hidden="true">
          Export
        </span>
        {runExports.map((kind) => (
          <ExportAction key={kind.title} run={run} kind={kind} />
        ))}
        {current && (
          <Action
            title="Pictures"
            hint={`PNG: the pictures that are shown, noisy, denoised${comparedWith(run.spec) === "clean" ? " and clean" : ""}`}
            onPress={() => exportPictures(run)}
          />
        )}
      </fieldset>
    </div>
  );
}

function ExportAction({ run, kind }: { readonly run: KeptRun; readonly kind: RunExport }) {
  return <Action title={kind.title} hint={kind.hint} onPress={() => exportRun(run, kind)} />;
}

interface ActionProps {
  readonly title: string;
  readonly hint?: string;
  readonly onPress: () => void | Promise<void>;
}

function Action({ title, hint, onPress }: ActionProps) {
  return (
    <button type="button" class="button button-small" title={hint} onClick={() => void onPress()}>
      {title}
    </button>
  );
}

/** A kept run's line as the charts draw it. */
export function RunSwatch({ color, dash }: Pick<Overlay, "color" | "dash">) {
  return (
    <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true" style={{ stroke: `var(${color})` }}>
      <path d="M0 6h26" fill="none" stroke-width="2.5" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
