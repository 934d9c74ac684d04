import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { stationOptions } from '../../testing/station-options.js';
import { type Station, serve } from '../serve.js';

let made: MadeDetector;
let open: Station;
let closed: Station;
const token = 'a-token-of-the-line';
beforeAll(async () => {
  made = await makeDetector();
  const options = { ...stationOptions, detectors: { weave: made.folder } };
  open = await serve({ ...options, cors: ['https://line.example.org'] });
  closed = await serve({ ...options, token });
});
afterAll(async () => {
  await Promise.all([open?.close(), closed?.close()]);
  await rm(made.root, { recursive: true });
});

/** Status, headers and body, by a client that sends what it is told. */
function ask(station: Station, path: string, { method = 'GET', headers = {} } = {}): Promise<object> {
  return new Promise((resolve, reject) => {
    const asked = request(`${station.url}${path}`, { method, headers, agent: false }, async (response) => {
      const { date: _, ...answered } = response.headers;
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, headers: answered, body });
    });
    asked.on('error', reject).end();
  });
}

test('without the token all answers are alike: what is there, what is not, what is wrong', async () => {
  const wrong = [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: `Basic ${token}` },
    { authorization: token },
  ];
  const expected = await ask(closed, '/v1/detectors/weave');
  expect(expected).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  for (const headers of wrong) {
    for (const [method, path] of [
      ['GET', '/v1/detectors/weave'],
      ['GET', '/v1/detectors/none'],
      ['GET', '/v1/detectors'],
      ['GET', '/nothing'],
      ['GET', '/v1/detectors/%ff'],
      ['GET', '/metrics'],
      ['GET', '/openapi.json'],
      ['GET', '/v1/detectors/weave/log'],
      ['POST', '/v1/detectors/weave/detect'],
      ['POST', '/v1/detectors/none/detect?map=gif'],
      ['PUT', '/v1/detectors/weave'],
      ['POST', '/v1/detectors/weave/versions/1/activate'],
      ['DELETE', '/v1/detectors/weave'],
    ]) {
      expect({ method, path, ...(await ask(closed, path, { method, headers })) }).toEqual({
        ...{ method, path, ...expected },
      });
    }
  }
  const right = { authorization: `Bearer ${token}` };
  expect(await ask(closed, '/v1/detectors/weave', { headers: right })).toMatchObject({ status: 200 });
  expect(await ask(closed, '/v1/detectors/none', { headers: right })).toMatchObject({ status: 404 });
  expect(await ask(closed, '/health')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
});

test('pages of other origins, and other names for this machine, are refused; one that is allowed is not', async () => {
  const host = new URL(open.url).host;
  const status = async (headers: object) =>
    ((await ask(open, '/v1/detectors', { headers })) as { status: number }).status;
  expect(await status({ origin: 'https://evil.example.org' })).toBe(403);
  expect(await status({ origin: 'null' })).toBe(403);
  expect(await status({ host: 'evil.example.org' })).toBe(403);
  expect(await status({ origin: `http://${host}` })).toBe(200);
  expect(await status({ host: `localhost:${new URL(open.url).port}` })).toBe(200);
  const allowed = await ask(open, '/v1/detectors', { headers: { origin: 'https://line.example.org' } });
  expect(allowed).toMatchObject({
    status: 200,
    headers: { 'access-control-allow-origin': 'https://line.example.org' },
  });
  const other = (await ask(closed, '/health', { headers: { origin: 'https://line.example.org' } })) as {
    headers: object;
  };
  expect(other.headers).not.toHaveProperty('access-control-allow-origin');
});
