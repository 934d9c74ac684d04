/** What `use` gives; `network` is released if it throws. */
export async function orDispose<T>(network: { dispose?(): void }, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    network.dispose?.();
    throw error;
  }
}
