/**
 * Seconds left of `total` pieces of work, from the pace of the latest ones: the first steps of an engine
 * compile and are slow, an average over all of them would frighten.
 */
export function timeLeft(
  total: number,
  { window = 20 } = {},
): (done: number, now: number) => number | undefined {
  let seen: { done: number; at: number }[] = [];
  return (done, now) => {
    seen = [...seen, { done, at: now }].slice(-window - 1);
    const first = seen[0];
    if (done <= first.done) return undefined;
    return (((now - first.at) / (done - first.done)) * (total - done)) / 1000;
  };
}

/** `3 s`, `1 min 20 s`, `2 h 05 min`. */
export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}
