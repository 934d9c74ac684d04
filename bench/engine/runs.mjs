// node bench/engine/runs.mjs [--case s64,ddad256] [--engine ort] [--threads 2] [--runs 4] [--steps 16]
// A training by single steps and the same one by several steps in a run of the engine: whether every loss, weight and moment has the
// same bits, the time of the first step and of a later one, and the peak of memory; each in a process of its own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import { startEngine } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

const cases = {
  s64: { size: 64, channels: 32, heads: 2, batch: 8 },
  ddad256: { size: 256, channels: 64, heads: 4, batch: 1 },
};
const { values } = parseArgs({
  options: {
    case: { type: 'string', default: 's64,ddad256' },
    engine: { type: 'string', default: 'ort' },
    threads: { type: 'string', default: '2' },
    runs: { type: 'string', default: '4' },
    steps: { type: 'string', default: '16' },
    child: { type: 'string' },
  },
});
const steps = Number(values.steps);

if (values.child) await train(JSON.parse(values.child));
else {
  for (const name of values.case.split(',')) {
    const both = [1, Number(values.runs)].map((stepsPerRun) => {
      const child = JSON.stringify({ ...cases[name], stepsPerRun });
      const text = execFileSync(process.execPath, [...process.argv.slice(1), '--child', child], {
        encoding: 'utf8',
      });
      return { stepsPerRun, ...JSON.parse(text) };
    });
    console.log(
      `${name}, ${values.engine}: ${both[0].hash === both[1].hash ? 'the same bits' : 'OTHER BITS'}`,
    );
    for (const { stepsPerRun, first, later, peakMiB } of both)
      console.log(
        `  ${stepsPerRun} in a run: a step ${told(later)}, the first run ${told(first)}, ${peakMiB.toFixed(0)} MiB`,
      );
  }
}

function told({ ms, cpuMs }) {
  return `${ms.toFixed(0)} ms (${cpuMs.toFixed(0)} of processors)`;
}

/** The time, and what of processors' the process has taken, which a busy machine changes less. */
function clock() {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), cpuMs: (user + system) / 1000 };
}

async function train({ size, channels, heads, batch, stepsPerRun }) {
  await startEngine({ engine: values.engine, threads: Number(values.threads) });
  const unet = new UNet({ imageSize: size, baseChannels: channels, inChannels: 3, heads, seed: 1 });
  const batches = [1, 2, 3].map((seed) => tf.randomUniform([batch, size, size, 3], -1, 1, 'float32', seed));
  const hash = createHash('sha256');
  const add = (data) => hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const began = clock();
  const at = [];
  await trainUNet({
    unet,
    schedule: linearSchedule(),
    batches,
    steps,
    stepsPerRun,
    seed: 3,
    onProgress: ({ loss }) => {
      at.push(clock());
      add(Float64Array.of(loss));
    },
    checkpoint: {
      save: (snapshot) => {
        for (const dict of [snapshot.unet, snapshot.optimizer])
          for (const { data } of dict.values()) add(data);
      },
    },
  });
  const between = (from, to, count) => ({
    ms: (to.ms - from.ms) / count,
    cpuMs: (to.cpuMs - from.cpuMs) / count,
  });
  const first = between(began, at[0], 1);
  const later = between(at[stepsPerRun - 1], at[steps - 1], steps - stepsPerRun);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ hash: hash.digest('hex'), first, later, peakMiB }));
  process.exit();
}
