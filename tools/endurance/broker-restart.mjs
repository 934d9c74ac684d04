// `ddad watch` tells 200 verdicts to a mosquitto that is stopped and started in between: a subscriber must receive each exactly
// once, in order. Needs mosquitto (Debian: apt-get install mosquitto) and the package mqtt.
// Usage: node tools/endurance/broker-restart.mjs [--files 200] [--restarts 2]
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { smallDetector } from './small-detector.mjs';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '200' }, restarts: { type: 'string', default: '2' } },
});
const [files, restarts] = [values.files, values.restarts].map(Number);
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'ddad-broker-'));
const made = await smallDetector(folder, {
  good: files - Math.floor(files / 3),
  defective: Math.floor(files / 3),
});
const images = made.images.slice(0, files);
const [incoming, out] = [join(folder, 'incoming'), join(folder, 'verdicts')];
await mkdir(incoming);

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const configuration = join(folder, 'mosquitto.conf');
await writeFile(
  configuration,
  `listener ${port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location ${folder}/
user ${process.getuid?.() === 0 ? 'root' : (process.env.USER ?? 'mosquitto')}
`,
);
const startBroker = async () => {
  const broker = spawn('mosquitto', ['-c', configuration], { stdio: 'ignore' });
  await once(broker, 'spawn');
  return broker;
};

let broker = await startBroker();
const received = [];
const subscriber = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
  ...{ clientId: 'receiver', clean: false, reconnectPeriod: 200 },
});
subscriber.on('error', () => {});
subscriber.on('message', (_, payload) => received.push(JSON.parse(payload)));
await once(subscriber, 'connect');
await subscriber.subscribeAsync('ddad/+/verdicts', { qos: 2 });

const watch = spawn(
  process.execPath,
  [
    ...[bin, 'watch', incoming, '--checkpoint', made.checkpoints, '--out', out, '--settle', '0.3'],
    ...['--mqtt', `mqtt://127.0.0.1:${port}`],
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const arriving = (async () => {
  for (const [i, image] of images.entries()) {
    await copyFile(image, join(incoming, `${String(i).padStart(3, '0')}.png`));
    await setTimeout(40);
  }
})();
const until = async (count) => {
  for (let waited = 0; received.length < count; waited += 20) {
    assert(waited < 240_000, `${received.length} of ${count} verdicts after four minutes`);
    await setTimeout(20);
  }
};
for (let restart = 1; restart <= restarts; restart++) {
  await until(Math.floor((restart * files) / (restarts + 1)));
  broker.kill('SIGTERM');
  await once(broker, 'exit');
  console.log(`broker stopped after ${received.length} verdicts`);
  await setTimeout(2000);
  broker = await startBroker();
}
await arriving;
await until(files);
await setTimeout(3000); // for what comes twice
const lines = (await readFile(join(out, 'verdicts.jsonl'), 'utf8')).trimEnd().split('\n');
const order = lines.map((line) => JSON.parse(line).id);
assert.equal(new Set(order).size, files);
assert.deepEqual(
  received.map(({ id }) => id),
  order,
);
console.log(
  `${received.length} messages, ${new Set(received.map(({ id }) => id)).size} verdicts of ${files} files, in order`,
);
watch.kill('SIGINT');
await once(watch, 'exit');
await subscriber.endAsync(true);
broker.kill('SIGTERM');
await once(broker, 'exit');
await rm(folder, { recursive: true });
