/**
 * Which of an extractor's layers are asked for.
 *
 * @param who opens the error
 * @param asked names, finest first; the defaults if absent
 * @param known every layer's name, finest first
 * @throws an unknown name, none, one twice, or coarser before finer
 */
export function selectLayers(
  who: string,
  asked: readonly string[] | undefined,
  { known, defaults }: { known: readonly string[]; defaults: readonly string[] },
): readonly string[] {
  if (asked === undefined) return defaults;
  const places = asked.map((name) => known.indexOf(name));
  if (places.length === 0 || places.some((place, i) => place <= (places[i - 1] ?? -1))) {
    throw new Error(
      `${who}: needs layers of ${known.join(', ')}, each once and in this order, got ${asked.join(', ') || 'none'}`,
    );
  }
  return asked;
}
