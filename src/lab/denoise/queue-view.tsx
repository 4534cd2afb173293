import { useEffect, useRef } from "preact/hooks";
import { formatDuration, formatShare } from "../shared/format.ts";
import { filesOf } from "../shared/picture-files.ts";
import {
  cancel,
  cancelAll,
  remove,
  removeAll,
  retry,
  showPicture,
  takeFiles,
  tryExample,
} from "./actions.ts";
import { saveAll } from "./saving.ts";
import { counts, denoiseState, type QueuedPicture } from "./state.ts";

/** All pictures, each with its state. */
export function Queue() {
  const { all, done, unfinished } = counts.value;
  return (
    <section class="card picture-queue" aria-labelledby="queue-title">
      <div class="card-head">
        <h2 id="queue-title">Pictures</h2>
        <p class="queue-count">
          {done} of {all} done
        </p>
      </div>
      <div class="queue-buttons">
        <ChoosePictures id="pictures-more" title="Add pictures" />
        <button
          type="button"
          class="button"
          aria-disabled={done === 0}
          onClick={() => {
            if (done > 0) void saveAll();
          }}
        >
          Download ZIP
        </button>
        <button type="button" class="button" onClick={unfinished > 0 ? cancelAll : removeAll}>
          {unfinished > 0 ? "Cancel all" : "Remove all"}
        </button>
      </div>
      <ul class="queue-list" aria-label="Queue">
        {denoiseState.pictures.value.map((picture) => (
          <QueueItem key={picture.id} picture={picture} />
        ))}
      </ul>
    </section>
  );
}

function QueueItem({ picture }: { readonly picture: QueuedPicture }) {
  const { id, file, work } = picture;
  const ends = work.kind === "waiting" || work.kind === "working";
  return (
    <li class="queue-item">
      <button
        type="button"
        class="queue-show"
        aria-current={denoiseState.shown.value === id}
        onClick={() => void showPicture(id)}
      >
        <Thumbnail file={file} />
        <span class="queue-words">
          <span class="queue-name">{file.name}</span>
          <span class={work.kind === "failed" ? "queue-fault" : "queue-state"}>
            <StateWords picture={picture} />
          </span>
        </span>
      </button>
      {work.kind !== "done" && (
        <button
          type="button"
          class="button button-small"
          aria-label={`${ends ? "Cancel" : "Retry"} ${file.name}`}
          onClick={() => (ends ? cancel(id) : retry(id))}
        >
          {ends ? "Cancel" : "Retry"}
        </button>
      )}
      <button
        type="button"
        class="button button-small queue-remove"
        aria-label={`Remove ${file.name}`}
        onClick={() => void remove(id)}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M3 3l10 10M13 3L3 13" />
        </svg>
      </button>
    </li>
  );
}

function StateWords({ picture: { id, work, result } }: { readonly picture: QueuedPicture }) {
  switch (work.kind) {
    case "waiting":
      return "waiting";
    case "working": {
      const { value: working } = denoiseState.working;
      const { stage, share } = working?.id === id ? working : { stage: "denoising", share: 0 };
      return `${stage}, ${formatShare(share)}`;
    }
    case "done":
      return result?.unchanged ? "no noise found" : `done in ${formatDuration(result?.seconds ?? 0)}`;
    case "cancelled":
      return "cancelled";
    case "failed":
      return work.fault;
  }
}

/** A small view of the file, which the browser decodes when it is scrolled into view. */
function Thumbnail({ file }: { readonly file: File }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const address = URL.createObjectURL(file);
    if (image.current) image.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return (
    <img
      ref={image}
      class="queue-thumbnail"
      alt=""
      width="48"
      height="48"
      loading="lazy"
      decoding="async"
      onError={({ currentTarget }) => {
        currentTarget.style.visibility = "hidden";
      }}
    />
  );
}

/** The place for the first picture. */
export function Beginning() {
  return (
    <section class="card beginning" aria-labelledby="beginning-title">
      <h2 id="beginning-title">Drop a picture here to remove its noise</h2>
      <p class="beginning-note">
        Or paste one, or choose some: PNG, JPEG or WebP, one or hundreds. It begins at once.
      </p>
      <div class="beginning-buttons">
        <ChoosePictures id="pictures-first" title="Choose pictures" />
        <button type="button" class="button" onClick={() => void tryExample()}>
          Try an example
        </button>
      </div>
      <p class="beginning-note">
        A neural network estimates how strong the noise is, and computes each pixel from its surroundings. It
        runs on this computer: <strong>nothing is uploaded.</strong>
      </p>
    </section>
  );
}

interface ChoosePicturesProps {
  readonly id: string;
  readonly title: string;
}

/** A button that chooses pictures. */
function ChoosePictures({ id, title }: ChoosePicturesProps) {
  return (
    <label class="button button-main file-button" for={id}>
      {title}
      <input
        id={id}
        class="visually-hidden"
        type="file"
        accept="image/*,.safetensors"
        multiple
        onChange={({ currentTarget }) => void takeFiles(filesOf(currentTarget))}
      />
    </label>
  );
}
