const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Marks our listeners, also those of another copy of this module. */
const ours = Symbol.for('@ddad/files.release-at-exit');

const releases = new Set<() => void>();

function releaseAll(): void {
  for (const release of releases) release();
  releases.clear();
}

/** A signal that nobody else listens to ends the process, as it would without us. */
const onSignal = Object.assign(
  (signal: NodeJS.Signals) => {
    if (!process.listeners(signal).every((listener) => ours in listener)) return;
    releaseAll();
    stopListening();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  },
  { [ours]: true },
);

function stopListening(): void {
  process.off('exit', releaseAll);
  for (const signal of signals) process.off(signal, onSignal);
}

/**
 * Calls `release`, which must be synchronous, when the process ends: by itself, by `process.exit`, by an error that
 * nobody caught, or by SIGINT, SIGTERM or SIGHUP where the program does not handle them itself.
 *
 * @returns takes `release` back
 */
export function releaseAtExit(release: () => void): () => void {
  if (releases.size === 0) {
    process.on('exit', releaseAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  releases.add(release);
  return () => {
    if (releases.delete(release) && releases.size === 0) stopListening();
  };
}
