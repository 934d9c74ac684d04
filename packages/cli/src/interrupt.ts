/** Exit code of a command that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExitCode = 130;

/**
 * An AbortSignal that the first Ctrl-C (or SIGTERM) fires, so that work can end at the next step with a
 * checkpoint; the second exits at once. `release` gives the signals back.
 *
 * @param options.onFirst called when the signal was fired
 * @param options.onSecond called before the exit; it cannot wait for anything
 */
export function onInterrupt({ onFirst, onSecond }: { onFirst: () => void; onSecond: () => void }): {
  signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(interruptedExitCode);
    }
    controller.abort();
    onFirst();
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
