import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { stationOptions } from '../../testing/station-options.js';
import { openApiDocument } from '../openapi.js';
import { type Station, serve } from '../serve.js';
import { type Client, createClient } from './create-client.js';
import { StationError } from './station-error.js';

const token = 'a-token-of-the-line';
let made: MadeDetector;
let station: Station;
let client: Client;
beforeAll(async () => {
  made = await makeDetector();
  station = await serve({ ...stationOptions, token, detectors: { weave: made.folder } });
  client = createClient({ url: `${station.url}/`, token });
});
afterAll(async () => {
  await station?.close();
  await rm(made.root, { recursive: true });
});

test('a function for every route; answers have the types of the schemas', async () => {
  const { paths } = (await openApiDocument()) as {
    paths: { [path: string]: { [method: string]: { operationId: string } } };
  };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(Object.keys(client)).toEqual(operations.map(({ operationId }) => operationId));

  const [{ name, version }] = await client.listDetectors();
  const image = await readFile(made.anomalous[0]);
  const found = await client.detect({ name, body: image, overlay: 'jpeg', map: 'raw' });
  if ('detections' in found) throw new Error('one image has one answer');
  const { score, threshold, anomalous, overlay } = found;
  expect({ version: found.version, anomalous }).toEqual({ version, anomalous: score >= threshold });
  expect(overlay?.type).toBe('image/jpeg');
  const alone = await client.detect({ name, body: new Blob([image]), map: 'raw' });
  expect(alone).toMatchObject({ score, map: { width: 64, height: 64 } });

  const form = new FormData();
  for (const path of made.good) form.append('file', new Blob([await readFile(path)]), path);
  expect(await client.detect({ name, body: form })).toMatchObject({ detections: made.good.map(() => ({})) });
  expect(await client.setThreshold({ name, body: { threshold: 3 } })).toMatchObject({ version: 2 });
  expect(await client.activateVersion({ name, version: '1' })).toMatchObject({ version: 1 });
  expect(await (await client.metrics()).text()).toContain('ddad_detections_total');
});

test('what the station refuses is an error with its code', async () => {
  const refused = await client.getDetector({ name: 'none' }).catch((error) => error);
  expect(refused).toBeInstanceOf(StationError);
  expect(refused).toMatchObject({ status: 404, code: 'unknown', remedy: 'there are: weave' });
  const stranger = createClient({ url: station.url });
  await expect(stranger.listDetectors()).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
  await expect(client.detect({ name: 'weave', body: new Uint8Array(3) })).rejects.toMatchObject({
    code: 'image',
  });
  const gateway = createClient({ url: station.url, fetch: async () => new Response('bad', { status: 502 }) });
  await expect(gateway.health()).rejects.toMatchObject({ status: 502, code: 'unknown' });
});
