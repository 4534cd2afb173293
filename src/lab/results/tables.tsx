import { useSignal } from "@preact/signals";
import { type FilterName, fastestFirst, filterWords } from "../../filters/filter.ts";
import type { MeanScores } from "../runs/run-record.ts";
import { TableScroll } from "../shared/controls.tsx";
import { formatCount, formatScore, formatStrength, nothing } from "../shared/format.ts";
import { thinned } from "./curves.ts";
import { type Level, levels, passedAt, resultsState, scoredEpochs, shownEpochs } from "./state.ts";

/** The maximum number of rows; those of a longer run are thinned out, so that the page stays fast. */
const mostRows = 200;

interface EpochTableProps<T> {
  /** "Loss, as a table" */
  readonly label: string;
  readonly records: readonly T[];
  readonly columns: readonly { readonly title: string; readonly of: (record: T) => string }[];
}

/** A chart's figures as a table, for the epochs that it shows; rendered only while it is open. */
export function EpochTable<T extends { readonly epoch: number }>({
  label,
  records,
  columns,
}: EpochTableProps<T>) {
  const open = useSignal(false);
  return (
    <details
      class="epoch-table"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>As a table</summary>
      {open.value && <Rows label={label} records={records} columns={columns} />}
    </details>
  );
}

function Rows<T extends { readonly epoch: number }>({ label, records, columns }: EpochTableProps<T>) {
  const { from, to } = shownEpochs.value;
  const shown = records.filter(({ epoch }) => epoch >= from && epoch <= to);
  if (shown.length === 0) return <p class="card-note">No epoch yet.</p>;
  return (
    <TableScroll label={label}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {thinned(shown, mostRows).map((record) => (
            <tr key={record.epoch}>
              <th scope="row">{formatCount(record.epoch)}</th>
              {columns.map(({ title, of }) => (
                <td key={title}>{of(record)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const noisyTitle = "nothing: the noisy images";

/**
 * The levels that the network is compared with, the best first, and the epoch in which it passed each; and the network's current
 * scores. Unknown scores have a row too, so that nothing on the page moves when they become known.
 */
export function LevelTable() {
  const { value: score } = resultsState.score;
  const latest = scoredEpochs.value.at(-1)?.denoised;
  const own = latest?.[score];
  const better = levels.value.filter((level) => own === undefined || (level[score] ?? 0) >= own);
  const rows = [
    ...levels.value.map((level) => <LevelRow key={level.name} level={level} />),
    ...awaited().map((title) => <AwaitedRow key={title} title={title} />),
  ];
  rows.splice(better.length, 0, <NetworkRow key="network" scores={latest} />);
  return (
    <>
      <TableScroll label="Beside the classical filters, as a table">
        <table class="table level-table" aria-label="The network beside the classical filters">
          <thead>
            <tr>
              <th scope="col">Denoised by</th>
              <th scope="col">PSNR, dB</th>
              <th scope="col">SSIM</th>
              <th scope="col">Passed in epoch</th>
            </tr>
          </thead>
          <tbody>{rows}</tbody>
        </table>
      </TableScroll>
      <TuningNote />
    </>
  );
}

function LevelRow({ level }: { readonly level: Level }) {
  const { name, title, psnr, ssim, result } = level;
  const passed = passedAt(level, resultsState.score.value, scoredEpochs.value);
  const hint = result && `${filterWords[result.filter].source}; ${settingText(level)}`;
  return (
    <tr data-level={name}>
      <th scope="row" title={hint}>
        {name === "noisy" ? noisyTitle : title}
      </th>
      <td>{formatScore("psnr", psnr)}</td>
      <td>{formatScore("ssim", ssim)}</td>
      <td>{passed === undefined ? nothing : formatCount(passed)}</td>
    </tr>
  );
}

/** The titles of the levels that are not scored yet. */
function awaited(): string[] {
  const scored = levels.value.map(({ name }) => name);
  const missing = fastestFirst
    .filter((name) => !scored.includes(name))
    .map((name) => filterWords[name].title);
  return scored.includes("noisy") ? missing : [noisyTitle, ...missing];
}

function AwaitedRow({ title }: { readonly title: string }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{nothing}</td>
      <td>{nothing}</td>
      <td>{nothing}</td>
    </tr>
  );
}

function NetworkRow({ scores }: { readonly scores: MeanScores | undefined }) {
  return (
    <tr class="level-network" data-level="network">
      <th scope="row">the network</th>
      <td>{formatScore("psnr", scores?.psnr)}</td>
      <td>{formatScore("ssim", scores?.ssim)}</td>
      <td />
    </tr>
  );
}

/** "standard deviation in pixels: 1.2" */
function settingText({ result }: Level): string {
  return result ? `${filterWords[result.filter].setting}: ${formatStrength(result.tuned.strength)}` : "";
}

/** The note on tuning. Its line stays when the last filter is done, so that nothing jumps. */
function TuningNote() {
  const { value: tuning } = resultsState.tuning;
  const { value: fault } = resultsState.fault;
  if (fault !== undefined) return <p class="setting-fault">{fault}</p>;
  return <p class="card-note tuning-note">{tuning ? tuningText(tuning) : restingText()}</p>;
}

function tuningText(filter: FilterName): string {
  const number = resultsState.filters.value.length + 1;
  return `Tuning the classical filters for this noise: ${filterWords[filter].title}, ${number} of ${fastestFirst.length}…`;
}

function restingText(): string {
  return resultsState.filters.value.length > 0
    ? "Every classical filter is at its best strength for this noise, found on training images."
    : "The classical filters follow in a moment.";
}
