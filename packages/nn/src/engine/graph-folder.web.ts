/** A browser keeps no graphs. */
export function graphFolder(): string | null {
  return null;
}
