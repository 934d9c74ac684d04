import { parentPort, workerData } from 'node:worker_threads';
import type { Detector } from '@ddad/detector';
import { detectImages } from './detect-images.js';
import { toMessage } from './error-message.js';
import { loadDetector } from './load-detector.js';
import type { Abort, Answer, End, Request, TaskName, Tasks, ThreadOptions } from './messages.js';
import { recalibrateJob } from './recalibrate-job.js';

const port = parentPort!;
const options = workerData as ThreadOptions;
const detectors = new Map<string, Detector>();
const running = new Map<number, AbortController>();

/** What the engine does, one thing after the other. */
let tail: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = tail.then(work);
  tail = turn.catch(() => {});
  return turn;
}

type Task<Name extends TaskName> = (
  input: Tasks[Name][0],
  signal: AbortSignal,
) => Promise<{ value: Tasks[Name][1]; transfer?: ArrayBuffer[] }>;

const tasks: { [Name in TaskName]: Task<Name> } = {
  load: ({ key, place }) =>
    inTurn(async () => {
      const { detector, description } = await loadDetector(place, options);
      detectors.get(key)?.dispose();
      detectors.set(key, detector);
      return { value: description };
    }),
  unload: ({ key }) =>
    inTurn(async () => {
      detectors.get(key)?.dispose();
      detectors.delete(key);
      return { value: null };
    }),
  recalibrate: (job, signal) =>
    inTurn(async () => ({ value: await recalibrateJob(job, { ...options, signal }) })),
  // images are decoded while the engine works on those before
  detect: ({ key, images }, signal) =>
    detectImages(detectors.get(key)!, images, { inTurn, signal, pixels: options.pixels }),
};

port.on('message', async (message: Request | Abort | End) => {
  if ('end' in message) {
    await inTurn(async () => {
      for (const detector of detectors.values()) detector.dispose();
    });
    port.close();
    return;
  }
  if ('abort' in message) {
    running.get(message.abort)?.abort();
    return;
  }
  const { id, task, input } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const { value, transfer } = await (tasks[task] as Task<TaskName>)(input, controller.signal);
    port.postMessage({ id, value } satisfies Answer, transfer ?? []);
  } catch (error) {
    port.postMessage({ id, error: toMessage(error) } satisfies Answer);
  } finally {
    running.delete(id);
  }
});
