// node bench/engine/contention.mjs [--seconds 170] [--neighbours alone,loop,training] [--case JSON] [--variant NAME=JSON ...]
// Times a training step of DDAD-S at 64 x 64, batch 8, on two threads: alone, beside a busy loop, beside a second training
// of the same kind. Variants are session options of ONNX Runtime that take the place of the backend's (`before`: ONNX
// Runtime's own), each in processes of its own, taking turns. `--case` changes the step: {"batch":16}, {"kind":"unet"}.
// On a machine that others use, too (Linux): a step alone does not count if its threads waited for a processor, and one
// beside a neighbour not if the rest of the machine computed, for more than `--others` of the time.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '170' },
    case: { type: 'string', default: '{}' },
    threads: { type: 'string', default: '2' },
    neighbours: { type: 'string', default: 'alone,loop,training' },
    others: { type: 'string', default: '0.05' },
    variant: { type: 'string', multiple: true, default: ['before={"extra":{}}', 'after={}'] },
  },
});
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8'));
const text = JSON.stringify({
  ...cases.find(({ name }) => name === 'unet-s-train'),
  ...JSON.parse(values.case),
});

/** Processes of this benchmark. */
const pids = new Set([process.pid]);

/** Seconds of processor time that the machine has spent on other processes than this benchmark's. */
function spentOnOthers() {
  if (process.platform !== 'linux') return 0;
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .match(/\d+/g)
    .map(Number);
  let ours = 0;
  for (const pid of pids) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    ours += Number(fields[11]) + Number(fields[12]);
  }
  return (user + nice + system + irq + softirq - ours) / 100 / availableParallelism();
}

/** Seconds that the threads of a process could have run and had no processor. */
function waited(pid) {
  if (process.platform !== 'linux') return 0;
  const threads = readdirSync(`/proc/${pid}/task`);
  const delays = threads.map(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[1],
  );
  return delays.reduce((sum, delay) => sum + Number(delay), 0) / 1e9;
}

function start(args, stdio) {
  const child = spawn(process.execPath, args, { stdio });
  pids.add(child.pid);
  return child;
}

/** A process that does a step when it is asked to. */
async function training(options) {
  const child = start([here('own.mjs'), 'ort', text, values.threads, options], ['pipe', 'pipe', 'inherit']);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const receive = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('a training ended early');
      if (value.startsWith('{')) return JSON.parse(value);
    }
  };
  await receive();
  return {
    pid: child.pid,
    async step() {
      child.stdin.write('\n');
      return (await receive()).ms;
    },
    end: () => child.stdin.end(),
  };
}

function busyLoop() {
  const child = start(['-e', 'for (;;);'], 'ignore');
  const end = () =>
    new Promise((resolve) => {
      pids.delete(child.pid);
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  return { end };
}

/** Steps until told to end, which waits for the last one. */
function stepping(neighbour) {
  let ended = false;
  const done = (async () => {
    while (!ended) await neighbour.step();
  })();
  return {
    end: () => {
      ended = true;
      return done;
    },
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const kinds = values.neighbours.split(',');

const variants = [];
for (const variant of values.variant) {
  const at = variant.indexOf('=');
  const options = variant.slice(at + 1);
  const own = await training(options);
  const second = kinds.includes('training') ? await training(options) : undefined;
  for (const each of [own, second]) await each?.step(); // warm-up
  variants.push({ name: variant.slice(0, at), own, second, times: { alone: [], loop: [], training: [] } });
}

let disturbed = 0;
async function measure({ own, second, times }, kind) {
  const neighbour = { alone: () => undefined, loop: busyLoop, training: () => stepping(second) }[kind]();
  await pause(200);
  for (let i = 0; i < 2; i++) {
    const lost = () => (kind === 'alone' ? waited(own.pid) : spentOnOthers());
    const before = lost();
    const ms = await own.step();
    if (lost() - before > (Number(values.others) * ms) / 1000) disturbed++;
    else times[kind].push(ms);
  }
  await neighbour?.end();
}

function report() {
  const reference = median(variants[0].times.alone);
  console.log(`\nmedians (number of steps), and over that of the first variant alone; ${disturbed} left out`);
  for (const { name, times } of variants) {
    const cells = kinds.map((kind) => {
      const ms = median(times[kind]);
      return `${kind} ${ms.toFixed(0)} ms (${times[kind].length}) ${(ms / reference).toFixed(2)}`;
    });
    console.log(`  ${name.padEnd(10)} ${cells.join('   ')}`);
  }
}

const end = performance.now() + 1000 * Number(values.seconds);
while (performance.now() < end) {
  for (const kind of kinds) for (const variant of variants) await measure(variant, kind);
  report();
}
for (const { own, second } of variants) {
  own.end();
  second?.end();
}
