// node own.mjs <what> <prefix> <n> <side>: prints { seconds, extraMB, values } as one line of JSON; see run.mjs.
import { readFileSync } from 'node:fs';
import { aupro, auroc, averagePrecision, PixelMetrics } from '../../packages/metrics/dist/index.js';

const [, , what, prefix, n, side] = process.argv;
const shape = [Number(n), Number(side), Number(side)];
const size = shape[1] * shape[2];
const bytes = readFileSync(`${prefix}.maps`);
const maps = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const masks = new Uint8Array(readFileSync(`${prefix}.masks`));

const measures = {
  'auroc+ap': () => [auroc(masks, maps), averagePrecision(masks, maps)],
  aupro: () => [aupro(masks, maps, { shape })],
  ddad: () => [aupro(masks, maps, { shape, mode: 'ddad' })],
  'auroc+ap+aupro': () => {
    const pixels = new PixelMetrics();
    for (let i = 0; i < shape[0]; i++) {
      const [start, end] = [i * size, (i + 1) * size];
      pixels.add(masks.subarray(start, end), maps.subarray(start, end), { shape: [shape[1], shape[2]] });
    }
    const result = pixels.compute();
    return [result.auroc, result.averagePrecision, result.aupro];
  },
};

const before = process.resourceUsage().maxRSS;
const seconds = [];
let values;
let extraMB;
for (let run = 0; run < 5; run++) {
  const start = process.cpuUsage();
  values = measures[what]();
  const { user, system } = process.cpuUsage(start);
  seconds.push((user + system) / 1e6);
  extraMB ??= Math.round((process.resourceUsage().maxRSS - before) / 1024);
}
// the median, the first run without warmed-up code included
console.log(JSON.stringify({ seconds: seconds.sort((a, b) => a - b)[2], extraMB, values: values.join(' ') }));
