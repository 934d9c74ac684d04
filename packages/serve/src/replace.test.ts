import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestIn, openSource, withThreshold, writeBundle } from '@ddad/detector';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import { stationOptions } from '../testing/station-options.js';
import { type Station, serve } from './serve.js';

let made: MadeDetector;
/** The made detector with another threshold, as one file. */
let bundle: Uint8Array;
let station: Station;
const store = () => join(made.root, 'store');
const start = async (place = made.folder) => {
  station = await serve({
    ...stationOptions,
    ...{ workers: 2, store: store(), detectors: { weave: place } },
  });
};
beforeAll(async () => {
  made = await makeDetector();
  const source = await openSource('test', made.folder);
  const manifest = withThreshold(await manifestIn(source), 1e6);
  const read = async (name: string) =>
    name === 'detector.json' ? Buffer.from(JSON.stringify(manifest)) : source.read(name);
  bundle = await writeBundle({ name: 'changed', read });
});
afterEach(async () => {
  await station?.close();
  await rm(store(), { recursive: true, force: true });
});
afterAll(() => rm(made.root, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests look at
type Answer = any;
const ask = async (method: string, path: string, body?: Uint8Array): Promise<Answer> => {
  const headers = { 'content-type': 'application/octet-stream' };
  const init = { method, ...(body && { body: Buffer.from(body), headers }) };
  const response = await fetch(`${station.url}/v1/detectors/weave${path}`, init);
  return { status: response.status, ...((await response.json()) as object) };
};

test('a detector is replaced and brought back while requests come: none fails, each names its version', async () => {
  await start();
  const image = await readFile(made.anomalous[0]);
  let going = true;
  const answers: Answer[] = [];
  const clients = Array.from({ length: 4 }, async () => {
    while (going) answers.push(await ask('POST', '/detect', image));
  });
  const enough = async (version: number) => {
    while (answers.at(-1)?.version !== version) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await enough(1);
  expect(await ask('PUT', '', bundle)).toMatchObject({ status: 200, version: 2, threshold: { value: 1e6 } });
  await enough(2);
  expect(await ask('POST', '/versions/1/activate')).toMatchObject({ status: 200, version: 1 });
  await enough(1);
  going = false;
  await Promise.all(clients);
  for (const { status, version, threshold, anomalous } of answers) {
    expect({ status, threshold: threshold === 1e6, anomalous }).toEqual({
      ...{ status: 200, threshold: version === 2, anomalous: version === 1 },
    });
  }
});

test('versions and the one in use outlive the process; the log says who made them', async () => {
  await start();
  await ask('PUT', '', bundle);
  await ask('PUT', '/threshold'); // no body
  await station.close();
  await start();
  const { version, versions, threshold } = await ask('GET', '');
  expect({ version, threshold: threshold.value, causes: versions.map((each: Answer) => each.cause) }).toEqual(
    {
      ...{ version: 2, threshold: 1e6, causes: ['given', 'replaced'] },
    },
  );
  expect(await ask('POST', '/versions/1/activate')).toMatchObject({ version: 1 });
  const lines = (await readFile(join(store(), 'weave/log.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: 'replaced', version: 2 },
    { kind: 'activated', version: 1 },
  ]);
});

test('what is no detector is refused and leaves nothing; the one in use stays', async () => {
  await start();
  const image = await readFile(made.good[0]);
  expect(await ask('PUT', '', Buffer.from('no detector'))).toMatchObject({
    status: 422,
    error: { code: 'detector' },
  });
  expect(await ask('PUT', '', bundle.slice(0, -1))).toMatchObject({ status: 422 });
  expect(await ask('POST', '/versions/7/activate')).toMatchObject({
    ...{ status: 404, error: { code: 'unknown', remedy: 'it has 1' } },
  });
  expect(await ask('POST', '/detect', image)).toMatchObject({ status: 200, version: 1 });
  expect(await readdir(join(store(), 'weave', 'versions'))).toEqual([]);
  expect((await readdir(join(store(), 'weave'))).filter((name) => name.startsWith('received'))).toEqual([]);
});

test('a .ddad file is served as a folder is, and is changed by a version', async () => {
  const path = join(made.root, 'lid.ddad');
  await writeFile(path, bundle);
  await start(path);
  const response = await fetch(`${station.url}/v1/detectors/weave/threshold`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ threshold: 0.5 }),
  });
  expect(await response.json()).toMatchObject({ version: 2, threshold: { value: 0.5, from: 'given' } });
  const { version, anomalous } = await ask('POST', '/detect', await readFile(made.good[0]));
  expect({ version, anomalous }).toEqual({ version: 2, anomalous: true });
});
