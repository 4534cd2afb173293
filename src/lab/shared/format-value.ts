/** -0.0312 -> "−0.03", 12.34 -> "12.3": a weight or a value of a code. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  const text = size < 10 ? size.toFixed(2) : size < 1e5 ? size.toFixed(1) : size.toExponential(1);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** 0.234 -> "23 %"; what is little but not nothing says so. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}
