// node bench/engine/run.mjs [--python python3 --python other/python3] [--case NAME ...] [--rounds 7] [--threads 1,2,4]
//          [--engine wasm ...]
// Times steps of DDAD's networks on tfjs-backend-ort beside PyTorch: each in a process of its own, same shapes, same
// threads, float32, taking turns, for each number of threads. Build the packages first. A ratio below 1 means that ort is faster.
// Other engines of tfjs come along where --engine names them; without it, those of TensorFlow that work here (docs/tensorflow.md).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listEngines } from '@ddad/nn';

const { values } = parseArgs({
  options: {
    python: { type: 'string', multiple: true, default: ['python3'] },
    case: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
  },
});
const working = async (names) => (await listEngines({ names })).filter(({ works }) => works);
const others = values.engine ?? (await working(['tensorflow', 'tensorflow-gpu'])).map(({ name }) => name);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8'));

/** A process that does a step for each line it is sent. */
async function contender(command, args, threads) {
  const env = { ...process.env, OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads };
  const child = spawn(command, [...args, threads], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const receive = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(' ')} ended early`);
    return JSON.parse(value);
  };
  const { ready, firstMs } = await receive();
  const times = [];
  const outside = [];
  let peakMiB = 0;
  return {
    label: ready,
    firstMs,
    times,
    outside,
    get peakMiB() {
      return peakMiB;
    },
    async step() {
      child.stdin.write('\n');
      const { ms, outsideMs, peakMiB: peak } = await receive();
      peakMiB = peak;
      if (outsideMs !== undefined) outside.push(outsideMs);
      return ms;
    },
    end: () => child.stdin.end(),
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const chosen = cases.filter(({ name }) => !values.case || values.case.includes(name));
for (const each of chosen) for (const threads of values.threads.split(',')) await measure(each, threads);

async function measure(each, threads) {
  const text = JSON.stringify(each);
  const own = (engine) => contender(process.execPath, [here('own.mjs'), engine, text], threads);
  const contenders = [await own('ort')];
  for (const python of values.python) {
    contenders.push(await contender(python, [here('peer.py'), text], threads));
  }
  for (const engine of others) contenders.push(await own(engine));
  for (const c of contenders) await c.step(); // warm-up
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const c of contenders) c.times.push(await c.step());
  }
  console.log(`\n${each.title}, threads ${threads} (bar ${each.bar})`);
  for (const c of contenders) {
    const [ms, ours] = [median(c.times), median(contenders[0].times)];
    const ratio =
      c === contenders[0]
        ? `  ${median(c.outside).toFixed(1)} ms outside of ONNX Runtime`
        : `  ort / this: ${(ours / ms).toFixed(2)}`;
    const memory =
      c === contenders[0] ? '' : ` time, ${(contenders[0].peakMiB / c.peakMiB).toFixed(2)} memory`;
    console.log(
      `  ${c.label.padEnd(28)} ${ms.toFixed(0).padStart(7)} ms  ${c.peakMiB.toFixed(0).padStart(6)} MiB  ${c.firstMs.toFixed(0).padStart(6)} ms the first${ratio}${memory}`,
    );
    c.end();
  }
}
