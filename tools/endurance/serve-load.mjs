// Loads `ddad serve` over loopback with autocannon, and treats it badly.
//
//     npm run build && node tools/endurance/serve-load.mjs [--detector folder] [--images folder] [--requests 2000] [--only name,...]
//
// Without --detector a small one is made. Checks, and exits 1 where one fails: below the limit no request fails and /health
// answers within 50 ms; above it 99 of 100 refusals come within 50 ms, with Retry-After, and nothing else fails; over 2,000 requests the
// memory of the last half is within 3 % of the first's; a detector that is replaced and brought back under load costs no
// request, and each answer names the version that gave it; 500 malformed uploads leave the process as it was; without the
// token every answer is the same, and none takes longer; SIGTERM lets what runs be answered.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { manifestIn, openSource, withThreshold, writeBundle } from '@ddad/detector';
import autocannon from 'autocannon';

const { values } = parseArgs({
  options: {
    detector: { type: 'string' },
    images: { type: 'string' },
    requests: { type: 'string', default: '2000' },
    only: { type: 'string' },
  },
});
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ddad-serve-load-'));
const { detector, images } = values.detector
  ? { detector: values.detector, images: values.images }
  : makeDetector();
const files = readdirSync(images).map((name) => readFileSync(join(images, name)));
const body = files[0];
const queue = 16;
const png = { 'content-type': 'image/png' };
let failed = 0;
const token = 'the-token-of-this-test';

const checks = {
  'below the limit': belowLimit,
  'above the limit': aboveLimit,
  memory,
  replaced,
  malformed,
  'wrong token': wrongToken,
  SIGTERM: sigterm,
};
const only = values.only?.split(',');
for (const [name, check] of Object.entries(checks)) {
  if (only && !only.includes(name)) continue;
  const station = await start(name === 'wrong token' ? ['--token-file', join(work, 'token')] : []);
  try {
    await check(station);
  } finally {
    station.child.kill('SIGKILL');
  }
}
rmSync(work, { recursive: true });
process.exit(failed ? 1 : 0);

async function belowLimit({ url }) {
  await load(url, { connections: 2, amount: 20 }); // both ends compile what they run
  await watchHealth(url).stop();
  const health = watchHealth(url);
  const { byStatus, errors, seconds } = await load(url, { connections: queue, amount: 200 });
  const slowest = await health.stop();
  const count = byStatus.get(200)?.length ?? 0;
  report('below the limit', count === 200 && errors === 0, {
    answered: `${count} of 200`,
    errors,
    'images per second': (count / seconds).toFixed(1),
    ...percentiles(byStatus.get(200)),
  });
  report('health while the model runs', slowest.max < 50, {
    checks: slowest.n,
    'slowest ms': slowest.max.toFixed(1),
  });
}

async function aboveLimit({ url }) {
  // four times what it can do, whether answers come or not
  const { byStatus: all, seconds } = await load(url, { connections: 8, amount: 100 });
  const overallRate = Math.ceil((4 * all.get(200).length) / seconds);
  const retryAfter = await refusal(url);
  // autocannon sends a second's requests at once: more connections would measure how long it takes itself to send them
  const above = { connections: 2 * queue, overallRate };
  await load(url, { ...above, duration: 2 }); // the generator is the slower of both at first
  const { byStatus, errors } = await load(url, { ...above, duration: 8 });
  const refused = byStatus.get(429) ?? [];
  const other = [...byStatus.keys()].filter((status) => status !== 200 && status !== 429);
  report(
    'above the limit',
    refused.length > 0 && percentile(refused, 0.99) < 50 && !other.length && !errors,
    {
      'requests per second': overallRate,
      answered: byStatus.get(200)?.length,
      refused: refused.length,
      'refused p99 ms': percentile(refused, 0.99).toFixed(1),
      'slowest refusal ms': Math.max(...refused).toFixed(1),
      'other answers': other.join() || 'none',
      errors,
      'retry-after': retryAfter,
    },
  );
}

/** Retry-After of a request that comes on top of a full queue. */
async function refusal(url) {
  const filling = Array.from({ length: 2 * queue }, () => post(url));
  const answers = await Promise.all(filling);
  const refused = answers.find(({ status }) => status === 429);
  return refused?.retryAfter ?? 'missing';
}

async function memory({ url, child }) {
  const amount = Number(values.requests);
  await load(url, { connections: 8, amount: 3000 }); // engines, caches and heaps find their size
  const samples = [];
  const timer = setInterval(() => samples.push(rss(child.pid)), 200);
  const { byStatus } = await load(url, { connections: 8, amount });
  clearInterval(timer);
  const half = Math.floor(samples.length / 2);
  const [first, last] = [samples.slice(0, half), samples.slice(half)].map(mean);
  const answered = byStatus.get(200)?.length ?? 0;
  report('memory', Math.abs(last / first - 1) < 0.03 && answered === amount, {
    answered,
    'MiB first half': first.toFixed(0),
    'MiB last half': last.toFixed(0),
    change: `${((last / first - 1) * 100).toFixed(2)} %`,
  });
}

async function replaced({ url }) {
  const source = await openSource('test', detector);
  const manifest = withThreshold(await manifestIn(source), 1e6);
  const read = async (name) =>
    name === 'detector.json' ? Buffer.from(JSON.stringify(manifest)) : source.read(name);
  const bundle = await writeBundle({ name: 'changed', read });
  const wrong = [];
  const versions = new Map();
  let going = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (going) {
      const { status, json } = await post(url);
      versions.set(json?.version, (versions.get(json?.version) ?? 0) + 1);
      // version 2 alone has this threshold
      if (status !== 200 || (json.version === 2) !== (json.threshold === 1e6)) wrong.push({ status, json });
    }
  });
  const took = [];
  const change = async (method, path, sent) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const start = performance.now();
    const headers = sent && { 'content-type': 'application/octet-stream' };
    const response = await fetch(`${url}/v1/detectors/part${path}`, { method, body: sent, headers });
    await response.arrayBuffer();
    if (response.status !== 200) wrong.push({ path, status: response.status });
    took.push(performance.now() - start);
  };
  await change('PUT', '', bundle);
  for (const version of [1, 2, 1]) await change('POST', `/versions/${version}/activate`);
  going = false;
  await Promise.all(clients);
  report('a detector replaced four times under load', wrong.length === 0 && versions.size === 2, {
    'answers by version': JSON.stringify(Object.fromEntries(versions)),
    'failed or misnamed': wrong.length,
    'seconds of a replacement': took.map((ms) => (ms / 1000).toFixed(1)).join(', '),
  });
}

async function malformed({ url, child }) {
  const counts = {};
  let slowest = 0;
  for (let i = 0; i < 500; i++) {
    const { sent, headers = png } = malformedUpload(i);
    const start = performance.now();
    const status = await fetch(`${url}/v1/detectors/part/detect`, {
      method: 'POST',
      body: sent,
      headers,
    }).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => 'refused while it was sent',
    );
    slowest = Math.max(slowest, performance.now() - start);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  const after = await post(url);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const restarts = Number(/^ddad_thread_restarts (\d+)/m.exec(metrics)[1]);
  const faults = Object.keys(counts).filter((status) => status >= 500);
  report(
    '500 malformed uploads',
    after.status === 200 && child.exitCode === null && !faults.length && !restarts,
    {
      answers: JSON.stringify(counts),
      'slowest ms': slowest.toFixed(0),
      'threads lost': restarts,
      'an image afterwards': after.status,
    },
  );
}

async function wrongToken({ url }) {
  const paths = ['part', 'none', 'part/detect', 'none/detect', 'x'.repeat(90)];
  const answers = new Set();
  const times = new Map(paths.map((path) => [path, []]));
  for (let i = 0; i < 400; i++) {
    for (const path of paths) {
      const start = performance.now();
      const method = path.includes('/') ? 'POST' : 'GET';
      const headers = {
        ...png,
        authorization: `Bearer ${token.slice(0, i % token.length)}${'x'.repeat(i % 7)}`,
      };
      const sent = method === 'POST' ? body : undefined;
      const response = await fetch(`${url}/v1/detectors/${path}`, { method, body: sent, headers });
      answers.add(`${response.status} ${await response.text()}`);
      times.get(path).push(performance.now() - start);
    }
  }
  const [known, unknown] = ['part', 'none'].map((path) => percentile(times.get(path), 0.5));
  report('a wrong token', answers.size === 1 && Math.abs(known - unknown) < 0.2, {
    'different answers': answers.size,
    answer: [...answers][0].slice(0, 60),
    'median ms, a detector that is there': known.toFixed(3),
    'one that is not': unknown.toFixed(3),
  });
}

async function sigterm({ url, child }) {
  const running = Array.from({ length: queue }, () =>
    post(url).catch((error) => ({ status: error.message })),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = performance.now();
  child.kill('SIGTERM');
  const statuses = (await Promise.all(running)).map(({ status }) => status);
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
  report('SIGTERM', statuses.every((status) => status === 200) && code === 0, {
    'requests that ran': statuses.length,
    answered: statuses.filter((status) => status === 200).length,
    'exit code': code,
    'seconds to the end': ((performance.now() - start) / 1000).toFixed(1),
  });
}

/** One of many kinds, by its number. */
function malformedUpload(i) {
  const image = Buffer.from(files[i % files.length]);
  const cut = 1 + ((i * 7919) % (image.length - 1));
  const kinds = [
    () => ({ sent: image.subarray(0, cut) }),
    () => {
      for (let k = 0; k < 20; k++) image[(i * 31 + k * 7907) % image.length] ^= 1 << (k % 8);
      return { sent: image };
    },
    () => {
      image.writeUInt32BE(30_000 + i, 16); // the header claims what would be gigabytes
      image.writeUInt32BE(30_000, 20);
      return { sent: image };
    },
    () => ({ sent: 'text that says it is a picture' }),
    () => ({
      sent: image,
      headers: { 'content-type': ['text/html', 'application/json', 'video/mp4'][i % 3] },
    }),
    () => ({ sent: Buffer.alloc(40_000_000, i) }),
    () => ({ sent: image, headers: { 'content-type': 'multipart/form-data; boundary=none' } }),
    () => {
      const form = new FormData();
      form.append('file', new Blob([image.subarray(0, cut)]), '../../../../etc/passwd');
      return { sent: form, headers: {} };
    },
    () => {
      const form = new FormData();
      for (let k = 0; k < 40; k++) form.append('file', new Blob(['x']), `${k}.png`);
      return { sent: form, headers: {} };
    },
    () => ({ sent: Buffer.from('GIF89a'), headers: { 'content-type': 'image/gif' } }),
  ];
  return kinds[i % kinds.length]();
}

async function load(url, options) {
  const byStatus = new Map();
  const start = performance.now();
  let last = start; // autocannon itself ends with a whole second
  const running = autocannon({
    url: `${url}/v1/detectors/part/detect`,
    ...{ method: 'POST', body, headers: png, timeout: 60, ...options },
  });
  running.on('response', (_client, status, _bytes, ms) => {
    if (!byStatus.has(status)) byStatus.set(status, []);
    byStatus.get(status).push(ms);
    last = performance.now();
  });
  const { errors, timeouts } = await running;
  return { byStatus, errors: errors + timeouts, seconds: (last - start) / 1000 };
}

function watchHealth(url) {
  let going = true;
  let [n, max] = [0, 0];
  const watching = (async () => {
    while (going) {
      const start = performance.now();
      await (await fetch(`${url}/health`)).arrayBuffer();
      max = Math.max(max, performance.now() - start);
      n++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      going = false;
      await watching;
      return { n, max };
    },
  };
}

async function post(url) {
  const response = await fetch(`${url}/v1/detectors/part/detect`, { method: 'POST', body, headers: png });
  const json = await response.json();
  return { status: response.status, json, retryAfter: response.headers.get('retry-after') };
}

function start(more) {
  writeFileSync(join(work, 'token'), token);
  const args = [`part=${detector}`, '--port', '0', '--json', '--limit', `queue=${queue}`, ...more];
  const store = ['--store', mkdtempSync(join(work, 'store-'))];
  const child = spawn(process.execPath, [bin, 'serve', ...args, ...store], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // as docs/serve.md advises: glibc's arena per thread leaves holes
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve({ child, url: JSON.parse(line).url }));
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
}

function makeDetector() {
  const ddad = (...args) => execFileSync(process.execPath, [bin, ...args], { cwd: work, stdio: 'ignore' });
  ddad('synth', '--out', 'data', '--size', '256', '--train', '30', '--good', '5', '--anomalous', '5');
  ddad(
    'run',
    'data',
    '--instant',
    '--out',
    'made',
    '--image-size',
    '64',
    '--set',
    'features.weights=embedded',
  );
  return { detector: join(work, 'made/checkpoints/mvtec/weave'), images: join(work, 'data/weave/test/good') };
}

function report(name, ok, numbers) {
  if (!ok) failed++;
  const text = Object.entries(numbers).map(([key, value]) => `${key} ${value}`);
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name}: ${text.join(', ')}`);
}

function rss(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return Number.NaN;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

function mean(numbers) {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function percentiles(numbers) {
  return { 'p50 ms': percentile(numbers, 0.5).toFixed(0), 'p99 ms': percentile(numbers, 0.99).toFixed(0) };
}
