/** Labels of images, by their places; undefined where images have none, which makes all of them alike. */
type Labels = readonly number[] | undefined;

/** The first place with another label than `place` has, or the place after it where none has. */
export function firstUnlike(labels: Labels, place: number, count: number): number {
  const found = labels?.findIndex((label) => label !== labels[place]) ?? -1;
  return found < 0 ? (place + 1) % count : found;
}

/** The next place with the same label; after the last the first. */
export function nextLike(labels: Labels, place: number, count: number): number {
  for (let step = 1; step < count; step++) {
    const next = (place + step) % count;
    if (!labels || labels[next] === labels[place]) return next;
  }
  return place;
}
