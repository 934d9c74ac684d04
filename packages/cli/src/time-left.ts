/** From then on an estimate stays within a factor of two of the one before. */
const settledAfter = 60_000;

/**
 * Seconds left of `total` pieces of work, from the pace of the later half of those done: the first steps of an engine
 * compile and are slow, a few of the latest may have had a validation between them. After a minute no estimate is more
 * than twice the one before, or less than half of it, but for the time that has passed.
 */
export function timeLeft(total: number): (done: number, now: number) => number | undefined {
  const seen: { done: number; at: number }[] = [];
  let last: { left: number; at: number } | undefined;
  return (done, now) => {
    seen.push({ done, at: now });
    const from = seen[Math.floor(seen.length / 2)]!;
    const since = from.done < done ? from : seen[0]!;
    if (done <= since.done) return undefined;
    const pace = (now - since.at) / (done - since.done);
    let left = pace * (total - done);
    if (done < total && last && now - seen[0]!.at > settledAfter) {
      const expected = last.left - (now - last.at);
      left = Math.min(Math.max(left, expected / 2), 2 * Math.max(expected, pace));
    }
    last = { left, at: now };
    return left / 1000;
  };
}

/** `3 s`, `1 min 20 s`, `2 h 05 min`. */
export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}
