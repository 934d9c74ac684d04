import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { Detector } from '@ddad/detector';
import { decodeImage } from '@ddad/images';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import { stationOptions } from '../testing/station-options.js';
import { type Station, serve } from './serve.js';

let made: MadeDetector;
let station: Station;
beforeAll(async () => {
  made = await makeDetector();
  station = await serve({
    ...stationOptions,
    detectors: { weave: made.folder },
    limits: { ...stationOptions.limits, bytes: 100_000, pixels: 100_000 },
  });
});
afterAll(async () => {
  await station?.close();
  await rm(made.root, { recursive: true });
});

// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests look at
const json = (response: Response): Promise<any> => response.json();
const get = (path: string) => fetch(`${station.url}${path}`);
const detect = (body: RequestInit['body'], query = '', type = 'image/png') =>
  fetch(`${station.url}/v1/detectors/weave/detect${query}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });

test('an image gets what the detector gives it, in the pixels of the image', async () => {
  const detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
  for (const path of [made.good[0], made.anomalous[0], made.anomalous[1]]) {
    const bytes = await readFile(path);
    const response = await detect(bytes, '?name=part%207');
    const expected = await detector.detect(bytes);
    expect(response.status).toBe(200);
    expect(await json(response)).toEqual({
      detector: 'weave',
      version: 1,
      image: {
        name: 'part 7',
        width: 64,
        height: 64,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      score: expected.score,
      threshold: detector.threshold,
      anomalous: expected.isAnomalous,
      foreign: expected.isForeign,
      regions: expected.regions.map(({ original, peak, area }) => ({ ...original, peak, area })),
      timings: {
        queue: expect.any(Number),
        decode: expect.any(Number),
        infer: expect.any(Number),
      },
    });
  }
  expect(await json(await detect(await readFile(made.good[0])))).toMatchObject({
    anomalous: false,
    regions: [],
  });
  const { anomalous, regions } = await json(await detect(await readFile(made.anomalous[0])));
  expect(anomalous).toBe(true);
  const { x, y, width, height } = regions[0];
  expect(Math.hypot(x + width / 2 - 20, y + height / 2 - 30)).toBeLessThan(6); // the middle of the square
  detector.dispose();
});

test('a map, an overlay: as the body with the numbers in a header, or in base64', async () => {
  const bytes = await readFile(made.anomalous[0]);
  const numbers = await json(await detect(bytes));
  const detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
  const { map } = await detector.detect(bytes);
  detector.dispose();

  const raw = await detect(bytes, '?map=raw&name=%C3%BC');
  expect(raw.headers.get('content-type')).toBe('application/octet-stream');
  expect(new Float32Array(await raw.arrayBuffer())).toEqual(map);
  const inHeader = JSON.parse(raw.headers.get('x-ddad-detection')!);
  expect(inHeader).toMatchObject({ score: numbers.score, regions: numbers.regions, image: { name: 'ü' } });
  expect(inHeader.map).toEqual({ width: 64, height: 64 });

  const png = await detect(bytes, '?map=png');
  expect(png.headers.get('content-type')).toBe('image/png');
  expect(await decodeImage(new Uint8Array(await png.arrayBuffer()))).toMatchObject({ width: 64, height: 64 });
  const overlay = await detect(bytes, '?overlay=jpeg');
  expect(overlay.headers.get('content-type')).toBe('image/jpeg');
  const painted = new Uint8Array(await overlay.arrayBuffer());
  expect(await decodeImage(painted)).toMatchObject({ width: 64, height: 64 });

  const both = await json(await detect(bytes, '?map=raw&overlay=jpeg'));
  expect(both.map).toMatchObject({ type: 'application/octet-stream', width: 64, height: 64 });
  expect(both.overlay).toMatchObject({ type: 'image/jpeg', width: 64, height: 64 });
  expect(Buffer.from(both.overlay.base64, 'base64').equals(painted)).toBe(true);
});

test('a form with one file is as its bytes alone; of several each gets its own answer', async () => {
  const [good, bad] = await Promise.all([readFile(made.good[0]), readFile(made.anomalous[0])]);
  const alone = await json(await detect(good));
  const form = new FormData();
  form.append('file', new Blob([good]), '../../a.png');
  const url = `${station.url}/v1/detectors/weave/detect`;
  const { timings, ...one } = await json(await fetch(url, { method: 'POST', body: form }));
  expect(one).toEqual({
    ...alone,
    timings: undefined,
    image: { ...alone.image, name: expect.stringMatching(/a\.png$/) },
  });
  expect(timings.infer).toBeGreaterThan(0);
  form.append('file', new Blob(['no image']), 'note.png');
  form.append('file', new Blob([bad]), 'b.png');
  const { detections } = await json(await fetch(url, { method: 'POST', body: form }));
  expect(detections).toMatchObject([
    { score: alone.score },
    { image: { name: 'note.png' }, error: { code: 'image' } },
    { score: (await json(await detect(bad))).score, image: { name: 'b.png' } },
  ]);
});

test('what cannot be answered says why and what to do', async () => {
  const bytes = await readFile(made.good[0]);
  const refused = async (response: Promise<Response>) => {
    const { status, headers } = await response;
    const { error } = await json(await response);
    expect(headers.get('content-type')).toContain('application/json');
    return [status, error.code, error.message];
  };
  expect(await refused(detect(bytes.subarray(0, 700)))).toEqual([
    422,
    'image',
    expect.stringContaining('cut'),
  ]);
  expect(await refused(detect('text'))).toEqual([422, 'image', expect.stringContaining('not a PNG')]);
  expect(await refused(detect(''))).toEqual([400, 'request', 'there is no image in the request']);
  expect(await refused(detect(bytes, '', 'text/plain'))).toEqual([415, 'request', expect.any(String)]);
  expect(await refused(detect(bytes, '?map=gif'))).toEqual([400, 'request', expect.stringContaining('map')]);
  expect(await refused(detect(bytes, '?threshold=3'))).toEqual([400, 'request', expect.any(String)]);
  expect(await refused(detect(new Uint8Array(100_001)))).toEqual([413, 'too-large', expect.any(String)]);
  const form = 'multipart/form-data; boundary=x';
  const start = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
  expect(await refused(detect(`${start}cut`, '', form))).toEqual([
    ...[400, 'request', expect.stringContaining('the form cannot be read')],
  ]);
  expect(await refused(detect('--x--\r\n', '', form))).toEqual([400, 'request', expect.any(String)]);
  const huge = Buffer.from(bytes);
  huge.writeUInt32BE(60_000, 16);
  huge.writeUInt32BE(60_000, 20);
  expect(await refused(detect(huge))).toEqual([413, 'too-large', expect.stringContaining('60000x60000')]);
  expect(await refused(get('/v1/detectors/none'))).toEqual([404, 'unknown', 'there is no detector none']);
  expect(await refused(get('/v1/detectors/..%2f..%2fetc'))).toEqual([400, 'request', expect.any(String)]);
  expect(await refused(get('/nothing'))).toEqual([404, 'unknown', expect.any(String)]);
  expect((await get('/health')).status).toBe(200);
});

test('what there is, ready, and counted', async () => {
  const [detector] = await json(await get('/v1/detectors'));
  expect(detector).toMatchObject({
    name: 'weave',
    version: 1,
    imageSize: 64,
    threshold: { from: 'calibrated' },
  });
  const detail = await json(await get('/v1/detectors/weave'));
  expect(detail).toMatchObject({ ...detector, limits: { bytes: 100_000 } });
  expect(detail.calibration.scores).toHaveLength(detail.calibration.n);
  expect((await get('/ready')).status).toBe(200);
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toMatch(
    /^ddad_detections_total\{detector="weave",version="1",verdict="anomalous"\} [1-9]/m,
  );
  expect(metrics).toMatch(
    /^ddad_http_requests_total\{route="\/v1\/detectors\/:name\/detect",method="POST",status="422"\} 2$/m,
  );
  const { openapi, paths } = await json(await get('/openapi.json'));
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toContain('/v1/detectors/{name}/detect');
});

test('scores that are unlike those of the calibration are warned about, once, in status and metrics', async () => {
  const notices: string[] = [];
  const other = await serve({
    ...stationOptions,
    detectors: { weave: made.folder },
    onNotice: (notice) => void notices.push(notice),
  });
  try {
    const at = (path: string) => fetch(`${other.url}${path}`);
    const drift = async () => (await json(await at('/v1/detectors/weave'))).drift;
    expect(await drift()).toEqual({ images: 0, level: 1, direction: null });
    // one image over and over: no stream of parts looks like that
    const body = await readFile(made.good[0]);
    for (let i = 0; i < 60 && (await drift()).direction === null; i++) {
      await fetch(`${other.url}/v1/detectors/weave/detect`, {
        ...{ method: 'POST', body, headers: { 'content-type': 'image/png' } },
      });
    }
    const { images, level, direction } = await drift();
    expect(level).toBeLessThanOrEqual(0.01);
    expect(['higher', 'lower', 'other']).toContain(direction);
    const metrics = await (await at('/metrics')).text();
    expect(Number(/^ddad_drift_level\{detector="weave"\} (\S+)$/m.exec(metrics)![1])).toBe(level);
    expect(notices.filter((notice) => notice.includes('no longer look like'))).toEqual([
      expect.stringContaining(
        `detector weave: scores no longer look like those of the calibration: after ${images} `,
      ),
    ]);
  } finally {
    await other.close();
  }
});
