import { formatCount } from "../shared/format.ts";

/** What the units of the code did on some images; each [size]. */
export interface CodeUnits {
  /** The share of the images on which a unit was active, which is above 0. */
  readonly active: Float32Array<ArrayBuffer>;
  readonly mean: Float32Array<ArrayBuffer>;
  readonly most: Float32Array<ArrayBuffer>;
}

/** Sums up codes [images, size]. */
export function codeUnits(codes: Float32Array, size: number): CodeUnits {
  const images = codes.length / size;
  const [active, sum, most] = [new Float64Array(size), new Float64Array(size), new Float32Array(size)];
  codes.forEach((value, index) => {
    const unit = index % size;
    active[unit] = (active[unit] ?? 0) + Number(value > 0);
    sum[unit] = (sum[unit] ?? 0) + value;
    most[unit] = Math.max(most[unit] ?? 0, value);
  });
  const share = (count: number) => count / images;
  return { active: Float32Array.from(active, share), mean: Float32Array.from(sum, share), most };
}

/** How many units were active on no image. */
export function deadUnits({ active }: CodeUnits): number {
  return active.reduce((count, share) => count + Number(share === 0), 0);
}

/** "3 of 32 units are dead: never above 0 on 1,000 images." */
export function deadSentence(units: CodeUnits, images: number): string {
  const dead = deadUnits(units);
  const { length: size } = units.active;
  const seen = images === 1 ? "1 image" : `${formatCount(images)} images`;
  if (dead === 0) {
    const all = size === 1 ? "The only unit" : `Each of the ${formatCount(size)} units`;
    return `No unit is dead. ${all} is above 0 on some of ${seen}.`;
  }
  const are = size === 1 ? "unit is" : dead === 1 ? "units is" : "units are";
  return `${formatCount(dead)} of ${formatCount(size)} ${are} dead: never above 0 on ${seen}.`;
}
