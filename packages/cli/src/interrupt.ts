/** Exit code of a command that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExitCode = 130;

/**
 * An AbortSignal that the first Ctrl-C (or SIGTERM) fires, so that work can end at the next step with a
 * checkpoint; the second exits at once. `release` gives the signals back.
 */
export function onInterrupt(notify: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    controller.abort();
    notify();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
