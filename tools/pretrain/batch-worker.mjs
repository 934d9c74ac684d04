// Draws batches on a thread of its own, a few ahead: what it sends depends on (seed, number of the batch) alone.
import { parentPort, workerData } from 'node:worker_threads';
import { drawBatch } from './batch.mjs';
import { makeMaterial } from './materials.mjs';

const { seed, settings, steps, ahead, from } = workerData;
const materials = Array.from({ length: settings.materials }, (_, number) => makeMaterial(seed, number));

let free = ahead;
let wake = () => {};
parentPort.on('message', () => {
  free++;
  wake();
});
for (let step = from; step < steps; step++) {
  while (free === 0) await new Promise((resolve) => (wake = resolve));
  free--;
  const batch = drawBatch(seed, step, { ...settings, materials });
  parentPort.postMessage(
    { step, ...batch },
    Object.values(batch).map(({ buffer }) => buffer),
  );
  // lets messages in
  await new Promise((resolve) => setImmediate(resolve));
}
parentPort.close();
