import { formatCount } from "../shared/format.ts";
import type { FolderLabels } from "./folder-labels.ts";
import type { PicturesSummary, UnreadPictures } from "./summary.ts";

/** The labels of a person's pictures, and which files are not among the images. */
export function PicturesFacts({ pictures }: { readonly pictures: PicturesSummary }) {
  const { labels, skipped, unread } = pictures;
  return (
    <>
      <LabelNames names={labels} />
      {unread.count > 0 && <p class="setting-fault">{unreadText(unread)}</p>}
      {skipped > 0 && (
        <p class="setting-help">
          {formatCount(skipped)} other {skipped === 1 ? "file was" : "files were"} passed over.
        </p>
      )}
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
