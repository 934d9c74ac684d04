// `ddad serve` beside a FastAPI and PyTorch service around the same network, on this machine, with the same images, in turns.
//
//     npm run build && node tools/peers/serve-peer/run.mjs --data CATEGORY --weights resnet18.pth --python python3
//         [--seconds 10] [--connections 8] [--work folder] [--only name]
//
// CATEGORY has train/good and test/good as MVTec AD. Two detectors are made: the method of the reference at 64 pixels (preset
// `small`: ten steps of the UNet and two passes of resnet18; its training is cut to a step, which costs the same later), and
// the first stage of the preset `auto` at 256 pixels (resnet18 and a memory). Each service is loaded with one request at a
// time and with `connections`, in several divisions of the cores into workers and threads; the best of each counts. The time of
// the processor, of all threads, is what other work on the machine changes least.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    weights: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '8' },
    work: { type: 'string' },
    only: { type: 'string' },
  },
});
const bin = fileURLToPath(new URL('../../../packages/ddad/dist/bin.js', import.meta.url));
const peer = fileURLToPath(new URL('peer.py', import.meta.url));
const data = resolve(values.data);
const weights = resolve(values.weights);
// given, the detectors that lie there are taken, and stay
const work = values.work ?? mkdtempSync(join(tmpdir(), 'ddad-serve-peer-'));
const good = join(data, 'test/good');
const images = readdirSync(good).map((name) => readFileSync(join(good, name)));
const headers = { 'content-type': 'image/png' };
const cores = availableParallelism();
const port = 18_117;

const detectors = {
  'reference, 64 px': make('small', ['--preset', 'small', '--steps', '1', '--set', 'adaptation.epochs=0']),
  'first stage, 256 px': make('first', ['--instant']),
};
const divisions = [
  ...new Map([
    [1, cores],
    [cores, 1],
  ]),
].map(([workers, threads]) => ({ workers, threads }));
for (const [name, folder] of Object.entries(detectors)) {
  if (values.only && !name.startsWith(values.only)) continue;
  const best = {};
  const scores = {};
  for (const service of ['ours', 'peer']) {
    for (const division of divisions) {
      const station = service === 'ours' ? await ours(folder, division) : await peers(folder, division);
      try {
        scores[service] ??= await Promise.all(images.slice(0, 5).map((body) => scoreOf(station.url, body)));
        await load(station.url, { child: station.child, connections: 2, duration: 2 });
        for (const connections of [1, Number(values.connections)]) {
          const { child } = station;
          const found = await load(station.url, { child, connections, duration: Number(values.seconds) });
          console.log(
            `${name}  ${service}  ${division.workers} x ${division.threads} threads  ${connections} at once  ${show(found)}`,
          );
          const key = `${service} ${connections}`;
          if (!best[key] || found.rate > best[key].rate) best[key] = found;
        }
      } finally {
        await station.stop();
      }
    }
  }
  for (const connections of [1, Number(values.connections)]) {
    const [own, other] = [best[`ours ${connections}`], best[`peer ${connections}`]];
    console.log(
      `${name}  ${connections} at once  throughput x ${(own.rate / other.rate).toFixed(2)}  p99 x ${(own.p99 / other.p99).toFixed(2)}, processor x ${(own.processor / other.processor).toFixed(2)}`,
    );
  }
  const difference = scores.ours.map((score, i) => Math.abs(score / scores.peer[i] - 1));
  console.log(`${name}  scores differ by ${Math.max(...difference).toExponential(1)} at most`);
}
if (!values.work) rmSync(work, { recursive: true });

function make(name, options) {
  const out = join(work, name);
  const args = ['run', '--root', dirname(data), '--category', data.split('/').at(-1), '--kind', 'mvtec'];
  const own = ['--weights', weights, '--engine', 'ort', '--out', out, '--set', 'output.report=false'];
  const made = join(out, 'checkpoints/mvtec', data.split('/').at(-1));
  if (!existsSync(join(made, 'detector.json'))) {
    execFileSync(process.execPath, [bin, ...args, ...own, ...options], { stdio: 'ignore' });
  }
  return made;
}

function ours(folder, { workers, threads }) {
  const options = ['--workers', workers, '--threads', threads, '--engine', 'ort', '--json'];
  const child = spawn(process.execPath, [bin, 'serve', `part=${folder}`, '--port', '0', ...options]);
  child.stderr.pipe(process.stderr);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
    child.stdout.once('data', (line) =>
      resolve({
        ...{ child, url: `${JSON.parse(line).url}/v1/detectors/part/detect` },
        stop: () => stop(child),
      }),
    );
  });
}

async function peers(folder, { workers, threads }) {
  const child = spawn(values.python, [peer, folder, port, threads, workers], { cwd: dirname(peer) });
  child.stderr.pipe(process.stderr);
  const url = `http://127.0.0.1:${port}/detect`;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (child.exitCode !== null) throw new Error(`peer.py ended with ${child.exitCode}`);
    if (await scoreOf(url, images[0]).catch(() => undefined)) break;
  }
  return { child, url, stop: () => stop(child) };
}

async function stop(child) {
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
}

async function scoreOf(url, body) {
  return (await (await fetch(url, { method: 'POST', body, headers })).json()).score;
}

async function load(url, { child, connections, duration }) {
  const times = [];
  const requests = images.map((body) => ({ method: 'POST', body, headers }));
  const start = performance.now();
  const before = processorMs(child.pid);
  const running = autocannon({ url, connections, duration, requests, timeout: 60 });
  running.on('response', (_client, status, _bytes, ms) => {
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    times.push(ms);
  });
  await running;
  const seconds = (performance.now() - start) / 1000;
  const processor = (processorMs(child.pid) - before) / times.length;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { rate: times.length / seconds, p50: at(0.5), p99: at(0.99), processor };
}

/** Of a process, its threads, and the processes that it has started. */
function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const own = 10 * (Number(fields[11]) + Number(fields[12]));
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.reduce((sum, child) => sum + processorMs(child), own);
}

function show({ rate, p50, p99, processor }) {
  const times = `p50 ${p50?.toFixed(0)} ms, p99 ${p99?.toFixed(0)} ms`;
  return `${rate.toFixed(1)} images/s, ${times}, ${processor.toFixed(0)} ms of the processor each`;
}
