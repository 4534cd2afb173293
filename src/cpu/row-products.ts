/**
 * Adds to sums[m, n] the product of row m of a[m, length] with row n of b[n, length]. With one or the other transposed,
 * every product of a dense layer is of this form: X W^T, dY W and dY^T X.
 *
 * Most of a training's time passes here, so that two rows are taken with four at a time: eight sums stay in registers. Each
 * is added up from the first element to the last, wherever it is.
 */
export function addRowProducts(sums: Float64Array, a: Float64Array, b: Float64Array, length: number): void {
  const [rows, columns] = [a.length / length, b.length / length];
  const [tiledRows, tiledColumns] = [rows - (rows % 2), columns - (columns % 4)];
  for (let m = 0; m < tiledRows; m += 2) {
    for (let n = 0; n < tiledColumns; n += 4) addTile(sums, a, b, length, m, n, columns);
    for (let n = tiledColumns; n < columns; n++) {
      addOne(sums, a, b, length, m, n, columns);
      addOne(sums, a, b, length, m + 1, n, columns);
    }
  }
  for (let m = tiledRows; m < rows; m++) {
    for (let n = 0; n < columns; n++) addOne(sums, a, b, length, m, n, columns);
  }
}

/** The sums of rows m and m + 1 with rows n to n + 3. */
function addTile(
  sums: Float64Array,
  a: Float64Array,
  b: Float64Array,
  length: number,
  m: number,
  n: number,
  columns: number,
): void {
  const [a0, b0] = [m * length, n * length];
  const [a1, b1, b2, b3] = [a0 + length, b0 + length, b0 + 2 * length, b0 + 3 * length];
  const [upper, lower] = [m * columns + n, (m + 1) * columns + n];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  for (let k = 0; k < length; k++) {
    const x0 = a[a0 + k] ?? Number.NaN;
    const x1 = a[a1 + k] ?? Number.NaN;
    const y0 = b[b0 + k] ?? Number.NaN;
    const y1 = b[b1 + k] ?? Number.NaN;
    const y2 = b[b2 + k] ?? Number.NaN;
    const y3 = b[b3 + k] ?? Number.NaN;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  add(sums, upper, s00);
  add(sums, upper + 1, s01);
  add(sums, upper + 2, s02);
  add(sums, upper + 3, s03);
  add(sums, lower, s10);
  add(sums, lower + 1, s11);
  add(sums, lower + 2, s12);
  add(sums, lower + 3, s13);
}

/** The sum of row m with row n. */
function addOne(
  sums: Float64Array,
  a: Float64Array,
  b: Float64Array,
  length: number,
  m: number,
  n: number,
  columns: number,
): void {
  const [a0, b0] = [m * length, n * length];
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[a0 + k] ?? Number.NaN) * (b[b0 + k] ?? Number.NaN);
  add(sums, m * columns + n, sum);
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? Number.NaN) + value;
}

/** values[rows, columns] as [columns, rows]. */
export function transposed(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns;
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? Number.NaN;
    }
  }
  return turned;
}
