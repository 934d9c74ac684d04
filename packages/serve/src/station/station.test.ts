import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { openDataset } from '@ddad/datasets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { stationOptions } from '../../testing/station-options.js';
import { type Station, serve } from '../serve.js';

let made: MadeDetector;
let station: Station;
const options = () => ({ ...stationOptions, detectors: { weave: made.folder } });
beforeAll(async () => {
  made = await makeDetector();
  station = await serve(options());
});
afterAll(async () => {
  await station?.close();
  if (made) await rm(made.root, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: answers are what the assertions say
type Answer = any;

async function ask(method: string, path: string, body?: object | Uint8Array): Promise<Answer> {
  const isImage = body instanceof Uint8Array;
  const response = await fetch(`${station.url}/v1/detectors/weave${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': isImage ? 'image/png' : 'application/json' },
      body: isImage ? new Blob([new Uint8Array(body)]) : JSON.stringify(body),
    }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const detect = async (path: string) => ask('POST', '/detect', await readFile(path));
const judge = async (path: string, verdict: string) =>
  ask('POST', `/judgements?verdict=${verdict}&name=${basename(path)}`, await readFile(path));
const log = async () => {
  const text = await (await fetch(`${station.url}/v1/detectors/weave/log`)).text();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
};

test('a threshold and a region are new versions with the same weights, and refused where they make no sense', async () => {
  const [path] = made.anomalous;
  const first = await detect(path);
  expect(first).toMatchObject({ version: 1, anomalous: true });
  const changed = await ask('PUT', '/threshold', { threshold: first.score * 1.01 });
  expect(changed).toMatchObject({
    status: 200,
    version: 2,
    threshold: { value: first.score * 1.01, from: 'given' },
  });
  const second = await detect(path);
  expect(second).toMatchObject({ version: 2, anomalous: false, regions: [], score: first.score });
  expect(await ask('PUT', '/threshold', { threshold: 'high' })).toMatchObject({ status: 400 });

  const all = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  expect(await ask('PUT', '/roi', { include: [], ignore: [all] })).toMatchObject({
    status: 400,
    error: { code: 'request', message: expect.stringMatching(/leaves nothing of a picture/) },
  });
  expect(await ask('PUT', '/roi', { include: [[[0, 0]]], ignore: [] })).toMatchObject({ status: 400 });
  const left = all.map(([x, y]) => [x / 2, y]);
  expect(await ask('PUT', '/roi', { include: [left], ignore: [] })).toMatchObject({
    status: 200,
    version: 3,
  });
  expect((await ask('GET', '')).regionOfInterest).toEqual({ include: [left], ignore: [] });
  const part = await detect(path);
  expect(part.score).toBeLessThanOrEqual(first.score);
  const response = await fetch(`${station.url}/v1/detectors/weave/detect?map=raw`, {
    method: 'POST',
    body: new Blob([new Uint8Array(await readFile(path))], { type: 'image/png' }),
  });
  const map = new Float32Array(await response.arrayBuffer());
  expect(map.every((value, i) => i % 64 < 32 || value === 0)).toBe(true);
  expect(await ask('PUT', '/roi', { include: [], ignore: [] })).toMatchObject({ status: 200, version: 4 });
  expect((await ask('GET', '')).regionOfInterest).toBe(null);
  expect((await log()).map(({ kind, version, from }) => [kind, version, from])).toEqual([
    ['threshold', 2, 1],
    ['roi', 3, 2],
    ['roi', 4, 3],
  ]);
  await ask('POST', '/versions/1/activate');
});

test('pictures judged good make a version that knows them, from which there is a way back', async () => {
  expect(await ask('POST', '/recalibrate', {})).toMatchObject({
    status: 400,
    error: { message: 'no picture is judged good' },
  });
  const before = await ask('GET', '');
  const [one, other] = made.anomalous;
  const { score, image } = await detect(one);
  expect((await judge(one, 'good')).judgements).toMatchObject([
    { sha256: image.sha256, verdict: 'good', name: basename(one), version: 1 },
  ]);
  const answer = await ask('POST', '/recalibrate', { memory: true });
  expect(answer).toMatchObject({ status: 200, base: 1, pictures: 1 });
  const taught = await detect(one);
  expect(taught.version).toBe(answer.version);
  expect(taught.threshold).toBe(answer.threshold);
  expect(taught.score).toBeLessThan(score);
  const after = await ask('GET', '');
  expect(after.calibration.scores.slice(0, -1)).toEqual(before.calibration.scores);
  expect(after.calibration.scores.at(-1)).toBeGreaterThan(taught.score);

  // a second time with another picture: both count once
  await judge(other, 'good');
  const second = await ask('POST', '/recalibrate', {});
  expect(second).toMatchObject({ base: 1, pictures: 2 });
  expect((await ask('GET', '')).calibration.n).toBe(before.calibration.n + 2);

  // taken back, by their hashes alone
  for (const { sha256 } of (await ask('GET', '/judgements')).judgements) {
    await ask('POST', '/judgements', { sha256, verdict: 'none' });
  }
  expect((await ask('GET', '/judgements')).judgements).toEqual([]);
  await ask('POST', '/recalibrate', {});
  expect((await ask('GET', '')).calibration).toEqual(before.calibration);
  expect((await detect(one)).score).toBe(score);

  await ask('POST', `/versions/${answer.version}/activate`);
  expect(await detect(one)).toMatchObject({ version: answer.version, score: taught.score });
  await ask('POST', '/versions/1/activate');
  expect(await detect(one)).toMatchObject({ version: 1, score });
});

test('judgements are kept over a restart, and a line that a power cut left unfinished is none', async () => {
  await judge(made.good[0], 'good');
  await judge(made.anomalous[0], 'good');
  const { judgements } = await judge(made.anomalous[0], 'bad');
  await station.close();
  await appendFile(join(made.folder, 'station', 'log.jsonl'), '{"time":"2026-01-01T0');
  station = await serve(options());
  const again = (await ask('GET', '/judgements')).judgements;
  const known = ({ sha256, verdict, name }: Answer) => ({ sha256, verdict, name });
  expect(again.map(known)).toEqual(judgements.map(known));
  expect(again.map(({ verdict }: Answer) => verdict)).toEqual(['good', 'bad']);
  await judge(made.good[1], 'good');
  expect((await log()).at(-1)).toMatchObject({ kind: 'judged', name: basename(made.good[1]) });
});

test('the export is a tar that tar unpacks and a data set that opens', async () => {
  const out = await mkdtemp(join(tmpdir(), 'ddad-export-'));
  try {
    const response = await fetch(`${station.url}/v1/detectors/weave/judgements/export`);
    expect(response.headers.get('content-disposition')).toContain('weave-judged.tar');
    await writeFile(join(out, 'judged.tar'), new Uint8Array(await response.arrayBuffer()));
    const { stderr } = await promisify(execFile)('tar', ['-xf', 'judged.tar'], { cwd: out });
    expect(stderr).toBe('');
    const { train, test: tested } = await openDataset({ kind: 'mvtec', root: out, category: 'weave' });
    expect(train.map(({ label }) => label)).toEqual([0, 0]);
    expect(tested.map(({ label, defect }) => [label, defect])).toEqual([[1, 'bad']]);
    expect(await readFile(tested[0].imagePath)).toEqual(await readFile(made.anomalous[0]));
    const table = JSON.parse(await readFile(join(out, 'weave', 'judgements.json'), 'utf8'));
    expect(table.map(({ verdict }: Answer) => verdict)).toEqual(['good', 'bad', 'good']);
  } finally {
    await rm(out, { recursive: true });
  }
});

test('what is no judgement is refused and leaves nothing', async () => {
  const lines = (await log()).length;
  const files = await readdir(join(made.folder, 'station', 'judged'));
  const [path] = made.good;
  const png = await readFile(path);
  const sha256 = 'f'.repeat(64);
  expect(await ask('POST', '/judgements', png)).toMatchObject({ status: 400 });
  expect(await ask('POST', '/judgements?verdict=fine', png)).toMatchObject({ status: 400 });
  expect(await ask('POST', '/judgements?verdict=good', new Uint8Array(100))).toMatchObject({ status: 422 });
  expect(await ask('POST', '/judgements', { sha256, verdict: 'good' })).toMatchObject({
    status: 404,
    error: { message: `no picture ${sha256} was judged here` },
  });
  expect(await ask('POST', '/judgements', { sha256: '../../x', verdict: 'good' })).toMatchObject({
    status: 400,
  });
  expect((await log()).length).toBe(lines);
  expect(await readdir(join(made.folder, 'station', 'judged'))).toEqual(files);
});
