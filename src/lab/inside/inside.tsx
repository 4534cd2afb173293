import { useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { formatShare, formatValue } from "../shared/format.ts";
import {
  followPath,
  followRun,
  followSliders,
  followSpot,
  openInside,
  pointAtUnit,
  showView,
  turnUnits,
  unitsPerPage,
} from "./actions.ts";
import { ChannelsView } from "./channels-view.tsx";
import { type CodeUnits, deadSentence } from "./codes.ts";
import { DecoderView } from "./decoder-view.tsx";
import { LatentView } from "./latent-view.tsx";
import { UnitPager } from "./parts.tsx";
import type { Codes } from "./protocol.ts";
import { type InsideView, insideState, nothingToShow, shownView, shownViews } from "./state.ts";
import { WeightsView } from "./weights-view.tsx";

const views: { readonly [V in InsideView]: ComponentType } = {
  weights: WeightsView,
  channels: ChannelsView,
  latent: LatentView,
  decoder: DecoderView,
  codes: CodesView,
};

/** What the network has learned: its weights, its codes, and the images that it decodes from codes. */
export function Inside() {
  useSignalEffect(followRun);
  useSignalEffect(followSpot);
  useSignalEffect(followPath);
  useSignalEffect(followSliders);
  const { value: open } = insideState.open;
  return (
    <section class="card inside" aria-labelledby="inside-title">
      <details open={open} onToggle={({ currentTarget }) => openInside(currentTarget.open)}>
        <summary class="inside-summary">
          <h2 id="inside-title">Inside the network</h2>
          <span class="inside-brief">{briefly()}</span>
        </summary>
        {open && <OpenView />}
      </details>
    </section>
  );
}

/** "its weights, its latent space, its decoder, its codes" */
function briefly(): string {
  return shownViews.value.map((view) => `its ${titles[view].toLowerCase()}`).join(", ");
}

function OpenView() {
  const { value: view } = shownView;
  const { value: nothing } = nothingToShow;
  const { value: fault } = insideState.fault;
  const View = views[view];
  return (
    <div class="inside-body">
      <InsideTabs />
      <div class="notices" role="status">
        {fault !== undefined && <p class="notice notice-failure">{fault}</p>}
      </div>
      <div role="tabpanel" id={panelId} aria-labelledby={tabId(view)} class="inside-panel">
        {nothing === undefined ? <View /> : <p class="inside-empty">{nothing}</p>}
      </div>
    </div>
  );
}

const panelId = "inside-panel";

const titles: { readonly [V in InsideView]: string } = {
  weights: "Weights",
  channels: "Channels",
  latent: "Latent space",
  decoder: "Decoder",
  codes: "Codes",
};

/** The index of the tab to which each key moves from the one at `place` (w3.org/WAI/ARIA/apg/patterns/tabs). */
const keys: { readonly [key: string]: (place: number) => number } = {
  ArrowRight: (place) => place + 1,
  ArrowLeft: (place) => place - 1,
  Home: () => 0,
  End: () => -1,
};

function tabId(view: InsideView): string {
  return `inside-tab-${view}`;
}

/** The views as tabs: the Tab key reaches one of them, the arrow keys move between them. */
function InsideTabs() {
  const { value: shown } = shownView;
  return (
    <div role="tablist" aria-label="Inside the network" class="tabs" onKeyDown={followKey}>
      {shownViews.value.map((view) => (
        <button
          key={view}
          type="button"
          role="tab"
          id={tabId(view)}
          class="tab"
          aria-selected={view === shown}
          aria-controls={panelId}
          tabIndex={view === shown ? 0 : -1}
          onClick={() => showView(view)}
        >
          {titles[view]}
        </button>
      ))}
    </div>
  );
}

function followKey(event: KeyboardEvent): void {
  const { value: shown } = shownViews;
  const place = keys[event.key]?.(shown.indexOf(shownView.value));
  const view = place === undefined ? undefined : shown.at(place % shown.length);
  if (!view) return;
  event.preventDefault();
  showView(view);
  document.getElementById(tabId(view))?.focus();
}

/** How often and how strongly each unit of the code is active. Units that are never active are dead. */
function CodesView() {
  const { value: codes } = insideState.codes;
  if (!codes) return <p class="inside-empty">The images are being encoded.</p>;
  return <Histogram codes={codes} />;
}

function Histogram({ codes }: { readonly codes: Codes }) {
  const { size, units, images } = codes;
  const { first: wanted, unit: chosen } = insideState.units;
  const first = wanted.value < size ? wanted.value : 0;
  const end = Math.min(first + unitsPerPage, size);
  const unit = Math.min(Math.max(first, chosen.value), end - 1);
  const active = units.active[unit] ?? 0;
  return (
    <>
      <p class="codes-sentence" id="dead-units">
        {deadSentence(units, images.length)}
      </p>
      <div class="inside-controls">
        <p class="codes-unit">
          <strong>Unit {unit + 1}</strong>{" "}
          {active === 0
            ? "is dead."
            : `is active on ${formatShare(active)} of the images, ${formatValue(units.mean[unit] ?? 0)} in the mean.`}
        </p>
        <UnitPager first={first} units={size} onTurn={turnUnits} />
      </div>
      <UnitBars units={units} first={first} end={end} chosen={unit} />
    </>
  );
}

interface UnitBarsProps {
  readonly units: CodeUnits;
  /** The units shown: `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  readonly chosen: number;
}

/** Two rows of bars, one above the other, and a slider that selects a unit. */
function UnitBars({ units, first, end, chosen }: UnitBarsProps) {
  const { active, mean } = units;
  const most = mean.reduce((greatest, value) => Math.max(greatest, value), 0);
  const shown = Array.from({ length: end - first }, (_, index) => first + index);
  const choose = (unit: number) => {
    pointAtUnit(Math.max(first, Math.min(unit, end - 1)));
  };
  const isDead = (unit: number) => active[unit] === 0;
  return (
    <div class="unit-bars">
      <p class="unit-title">active on, share of the images</p>
      <div class="unit-row unit-row-active">
        {shown.map((unit) => (
          <Bar key={unit} share={active[unit] ?? 0} dead={isDead(unit)} chosen={unit === chosen} />
        ))}
        <span class="unit-most">100 %</span>
      </div>
      <p class="unit-title">mean value</p>
      <div class="unit-row unit-row-mean">
        {shown.map((unit) => (
          <Bar
            key={unit}
            share={most > 0 ? (mean[unit] ?? 0) / most : 0}
            dead={isDead(unit)}
            chosen={unit === chosen}
          />
        ))}
        <span class="unit-most">{formatValue(most)}</span>
      </div>
      <div class="unit-ends" aria-hidden="true">
        <span>unit {first + 1}</span>
        <span>unit {end}</span>
      </div>
      <input
        type="range"
        class="unit-slider"
        min={first}
        max={Math.max(end - 1, first)}
        value={chosen}
        aria-label="Unit of the code"
        aria-valuetext={
          isDead(chosen)
            ? `unit ${chosen + 1}, dead`
            : `unit ${chosen + 1}, active on ${formatShare(active[chosen] ?? 0)}, mean ${formatValue(mean[chosen] ?? 0)}`
        }
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          choose(first + Math.floor(((event.clientX - left) / width) * shown.length));
        }}
      />
    </div>
  );
}

interface BarProps {
  /** Its height: 0 to 1. */
  readonly share: number;
  readonly dead: boolean;
  readonly chosen: boolean;
}

function Bar({ share, dead, chosen }: BarProps) {
  const state = `${dead ? " unit-dead" : ""}${chosen ? " unit-chosen" : ""}`;
  return (
    <div class={`unit-bar${state}`}>
      <div class="unit-fill" style={{ transform: `scaleY(${share})` }} />
      {dead && <span class="unit-cross">×</span>}
    </div>
  );
}
