/** A browser keeps no graphs. */
export async function graphFolder(): Promise<string | null> {
  return null;
}
