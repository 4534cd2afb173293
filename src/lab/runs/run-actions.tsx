import type { Signal } from "@preact/signals";
import { continuableRuns } from "../store.ts";
import { deleteRun, exportPictures, exportRun, takeSettings, tryRun } from "./actions.ts";
import { nextPlace } from "./continuable.ts";
import { continueRun } from "./continue-run.ts";
import { type RunExport, runExports } from "./exports.ts";
import type { KeptRun } from "./run-record.ts";

interface RunActionsProps {
  readonly run: KeptRun;
  readonly current: boolean;
  readonly renaming: Signal<boolean>;
}

/** All that can be done with a kept run. */
export function RunActions({ run, current, renaming }: RunActionsProps) {
  const rename = () => {
    renaming.value = true;
  };
  const saved = continuableRuns.value.find((found) => found.run.id === run.id);
  return (
    <div class="run-actions">
      <div class="run-action-row">
        {saved && (
          <Action
            title="Continue"
            hint={`Train on from ${nextPlace(saved.place)}`}
            onPress={() => continueRun(run)}
          />
        )}
        <Action title="Rename" onPress={rename} />
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
            hint="PNG: the pictures that are shown, noisy, denoised and clean"
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
