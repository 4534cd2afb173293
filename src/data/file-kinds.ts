/** Whether a path is that of a hidden file, or of one that an operating system creates. */
export function isHidden(path: string): boolean {
  return path.split(/[/\\]/).some((name) => /^\.(?!\.?$)/.test(name) || ofSystems.has(name.toLowerCase()));
}

/** Files that macOS adds to archives, and Windows to folders. */
const ofSystems: ReadonlySet<string> = new Set(["__macosx", "thumbs.db", "desktop.ini"]);

/** The extension of a file's name in lower case, for example ".png"; empty if it has none. */
export function endingOf(path: string): string {
  return /[^/\\](\.[^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

const raw = "a RAW format of cameras";
const tiff = "the format TIFF";

/** Formats of pictures that are not read everywhere (TIFF not in browsers), by the endings of their files. */
const formatsByEnding: ReadonlyMap<string, string> = new Map([
  ...[".tif", ".tiff"].map((ending) => [ending, tiff] as const),
  ...[".heic", ".heif", ".hif"].map((ending) => [ending, "the format HEIC"] as const),
  ...[".avif", ".bmp", ".gif", ".psd", ".svg", ".jxl", ".jp2", ".exr", ".hdr", ".ppm", ".pgm"].map(
    (ending) => [ending, `the format ${ending.slice(1).toUpperCase()}`] as const,
  ),
  ...[".cr2", ".cr3", ".nef", ".nrw", ".arw", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw"].map(
    (ending) => [ending, raw] as const,
  ),
]);

/** A signature in Latin 1, at an offset from the beginning of a file. */
type Mark = readonly [at: number, text: string];

const heicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/** Formats by their signatures. */
const formatsByMarks: readonly (readonly [format: string, ...marks: Mark[]])[] = [
  ...heicBrands.map((brand) => ["the format HEIC", [4, `ftyp${brand}`]] as const),
  ["the format AVIF of moving pictures", [4, "ftypavis"]],
  [raw, [4, "ftypcrx "]],
  [raw, [0, "FUJIFILMCCD-RAW"]],
  ...["IIRO", "IIRS", "MMOR", "IIU\0"].map((text) => [raw, [0, text]] as const),
  [raw, [0, "II*\0"], [8, "CR"]],
  ["the format BMP", [0, "BM"], [6, "\0\0\0\0"]],
  ["the format GIF", [0, "GIF8"]],
  ["the format PSD", [0, "8BPS"]],
  ["the format JXL", [0, "\xff\x0a"]],
  ["the format JXL", [4, "JXL "]],
  ["the format JP2", [4, "jP  "]],
];

/** The same of the formats that the program reads. */
const readFormats: typeof formatsByMarks = [
  ["the format PNG", [0, "\x89PNG"]],
  ["the format JPEG", [0, "\xff\xd8\xff"]],
  ["the format WebP", [0, "RIFF"], [8, "WEBP"]],
  ["the format AVIF", [4, "ftypavif"]],
  ...["II*\0", "MM\0*", "II+\0", "MM\0+"].map((text) => [tiff, [0, text]] as const),
];

/** The number of bytes at the beginning of a file that `pictureFormat` needs. */
export const formatBytes = 64;

/**
 * The format of a picture file from its first `formatBytes` bytes, or from its name if they do not show it: "the format HEIC".
 * Undefined for other files. Most RAW formats are TIFF files whose pixels are not those of the photograph; only their names show
 * that.
 */
export function pictureFormat(name: string, start: Uint8Array): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, formatBytes));
  const byMarks = (formats: typeof formatsByMarks) =>
    formats.find(([, ...marks]) => marks.every(([at, mark]) => text.startsWith(mark, at)))?.[0];
  const named = formatsByEnding.get(endingOf(name));
  const read = byMarks(readFormats);
  if (read === tiff && named === raw) return raw;
  return byMarks(formatsByMarks) ?? read ?? named;
}

/** Whether `pictureFormat` names a format that sharp reads as the program expects: PNG, JPEG, WebP, TIFF or AVIF. */
export function isFormatRead(format: string): boolean {
  return readFormats.some(([read]) => read === format);
}

/** Whether a file is a picture by its name, of a format that may have to be converted first. */
export function isOtherPicture(path: string): boolean {
  return formatsByEnding.has(endingOf(path));
}

/** "2 .heic, 1 .cr2": the most frequent endings first. */
export function countEndings(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(endingOf(path), (counts.get(endingOf(path)) ?? 0) + 1);
  const sorted = [...counts].sort(
    ([a, some], [b, others]) => others - some || Number(a === "") - Number(b === "") || (a < b ? -1 : 1),
  );
  const named = sorted
    .slice(0, mostEndings)
    .map(([ending, count]) => `${count} ${ending === "" ? "without an ending" : ending}`);
  const more = sorted.slice(mostEndings).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(more > 0 ? [`${more} of other kinds`] : [])].join(", ");
}

const mostEndings = 6;

/** "Passed over 3 files that are not read as pictures: 2 .heic, 1 .cr2."; undefined if there are none. */
export function passedOverText(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const what =
    paths.length === 1
      ? "1 file that is not read as a picture"
      : `${paths.length} files that are not read as pictures`;
  return `Passed over ${what}: ${countEndings(paths)}.`;
}

/**
 * One sentence on a folder without pictures: `known` has the extensions that are read, and `others` the files in the folder.
 * `into` are the formats to which other pictures can be converted.
 */
export function noPicturesText(
  folder: string,
  known: readonly string[],
  others: readonly string[],
  into: string,
): string {
  const none = `${folder} holds no pictures (${known.join(", ")})`;
  if (others.length === 0) return `${none}.`;
  const convertible = others.filter(isOtherPicture);
  if (convertible.length === 0) return `${none}, only other files: ${countEndings(others)}.`;
  return `${none}, only ${countEndings(convertible)}: convert ${convertible.length === 1 ? "it" : "them"} to ${into}.`;
}
