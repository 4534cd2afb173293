import { Picture } from "../shared/controls.tsx";
import { formatBytes, formatCount } from "../shared/format.ts";
import { filesOf } from "../shared/picture-files.ts";
import { offerAny, offerFolder } from "./offers.ts";
import type { FolderLabels } from "./own-pictures.ts";
import type { FileSummary, ImagesSummary, PicturesSummary, UnreadPictures } from "./summary.ts";

/** The field that chooses the user's own images. */
export function FileSetting() {
  return (
    <div class="setting">
      <label for="setting-files">Your own images</label>
      <div class="file-buttons">
        <input
          id="setting-files"
          class="file-input"
          type="file"
          multiple
          aria-describedby="setting-files-help"
          onChange={({ currentTarget }) => void offerAny(filesOf(currentTarget))}
        />
        <FolderButton title="Choose a folder" help="setting-files-help" onChoose={offerFolder} />
      </div>
      <p class="setting-help" id="setting-files-help">
        Choose IDX files, pictures or a folder of pictures, or drop them anywhere on the page. IDX files hold
        images and, optionally, labels and validation images. They may be gzipped; other files of 64 MiB or
        more are read piece by piece. Pictures of any size are scaled down or cut out, and made grey, as you
        choose; sub-folders become labels.
      </p>
    </div>
  );
}

interface FolderButtonProps {
  readonly title: string;
  /** The id of the text that explains it. */
  readonly help: string;
  readonly onChoose: (files: readonly File[]) => Promise<void>;
}

/** The button that chooses a folder of pictures. */
export function FolderButton({ title, help, onChoose }: FolderButtonProps) {
  return (
    <label class="button button-small folder-button">
      {title}
      <input
        ref={(input) => {
          if (input) input.webkitdirectory = true;
        }}
        class="visually-hidden"
        type="file"
        aria-describedby={help}
        onChange={({ currentTarget }) => void onChoose(filesOf(currentTarget))}
      />
    </label>
  );
}

const roleTitles: { readonly [R in FileSummary["role"]]: string } = {
  training: "training images",
  "training labels": "labels",
  validation: "validation images",
  "validation labels": "validation labels",
  twins: "noisy twins",
  "validation twins": "noisy twins for validation",
};

/** A description of the user's images, and samples. */
export function ImagesDescription({ images }: { readonly images: ImagesSummary }) {
  const { rows, columns, samples } = images;
  return (
    <>
      <ImagesFacts images={images} />
      <Samples rows={rows} columns={columns} pixels={samples} />
      <TwinSamples images={images} />
    </>
  );
}

/** The user's files, the number and size of their images, and whether they have labels. */
export function ImagesFacts({ images }: { readonly images: ImagesSummary }) {
  const { files, rows, columns, trainingImages, validationImages, labels, pictures } = images;
  const labelled = labels !== undefined || files.some(({ role }) => role === "training labels");
  const separate = files.some(({ role }) => role === "validation");
  return (
    <>
      <ul class="files">
        {files.map((file) => (
          <li key={file.role}>
            <strong>{file.name}</strong>
            <br />
            {formatCount(file.count)}{" "}
            {separate || file.role !== "training" ? roleTitles[file.role] : "images"},{" "}
            {formatBytes(file.bytes)}
          </li>
        ))}
      </ul>
      <p class="setting-help">
        {rows} × {columns} pixels, {labelled ? "with labels" : "without labels"}:{" "}
        {formatCount(trainingImages)} for training and {formatCount(validationImages)}{" "}
        {separate ? "" : "held out "}for validation.
      </p>
      {pictures && <PicturesFacts pictures={pictures} />}
    </>
  );
}

/** The labels of the user's pictures, and the files that were left out. */
function PicturesFacts({ pictures }: { readonly pictures: PicturesSummary }) {
  const { labels, passedOver, unread } = pictures;
  return (
    <>
      <LabelNames names={labels} />
      {unread.count > 0 && <p class="setting-fault">{unreadText(unread)}</p>}
      {passedOver !== undefined && <p class="setting-help">{passedOver}</p>}
    </>
  );
}

/** "0 cats, 1 dogs" */
export function LabelNames({ names }: { readonly names: FolderLabels["names"] }) {
  if (names.length === 0) return null;
  return (
    <p class="setting-help label-names">
      Labels, by folder: {names.map(({ label, name }) => `${label} ${name}`).join(", ")}.
    </p>
  );
}

/** "2 pictures could not be read: a.png, b.png." */
function unreadText({ count, names }: UnreadPictures): string {
  const more = count > names.length ? ` and ${formatCount(count - names.length)} more` : "";
  const what = count === 1 ? "1 picture" : `${formatCount(count)} pictures`;
  return `${what} could not be read: ${names.join(", ")}${more}.`;
}

/** The noisy twins of the first samples, in the same order. */
export function TwinSamples({ images: { rows, columns, twins } }: { readonly images: ImagesSummary }) {
  if (!twins) return null;
  return <Samples rows={rows} columns={columns} pixels={twins} what="twin" />;
}

interface SamplesProps {
  readonly rows: number;
  readonly columns: number;
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array;
  /** [samples]: additional text for each. */
  readonly titles?: readonly string[] | undefined;
  readonly what?: "sample" | "twin";
}

/** Samples of the user's images. */
export function Samples({ rows, columns, pixels, titles, what = "sample" }: SamplesProps) {
  const size = rows * columns;
  return (
    <ol class="samples" aria-label={what === "sample" ? "Some of the images" : "Their noisy twins"}>
      {Array.from({ length: pixels.length / size }, (_, sample) => (
        <li key={sample}>
          <Picture
            title={[`${what} ${sample + 1}`, titles?.[sample]].filter(Boolean).join(", ")}
            pixels={pixels.subarray(sample * size, (sample + 1) * size)}
            rows={rows}
            columns={columns}
          />
        </li>
      ))}
    </ol>
  );
}
