/**
 * Makes a function that resolves in a later turn of the event loop, so that timers, I/O and signals come in between; a
 * promise alone resolves before them. Callers take turns: however many compute at once, the loop goes round between two
 * of their runs.
 *
 * @param schedule calls what it is given in the next turn
 */
export function turns(schedule: (callback: () => void) => void): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => new Promise<void>((resolve) => schedule(resolve)));
    return last;
  };
}
