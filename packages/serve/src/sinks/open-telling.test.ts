import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeImage } from '@ddad/images';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { receiver } from '../../testing/receiver.js';
import { stationOptions } from '../../testing/station-options.js';
import { serve } from '../serve.js';
import type { VerdictsOptions } from './open-telling.js';

const root = mkdtempSync(join(tmpdir(), 'ddad-telling-'));
let made: MadeDetector;
beforeAll(async () => {
  made = await makeDetector();
});
afterAll(async () => {
  await rm(made.root, { recursive: true });
  await rm(root, { recursive: true });
});

const station = (verdicts: VerdictsOptions) =>
  serve({
    ...stationOptions,
    ...{ detectors: { weave: made.folder }, verdicts, store: join(root, 'store') },
  });
const linesOf = async (folder: string) =>
  (await readFile(join(folder, 'verdicts.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('what a station answers is in the folder by then, and its receivers get it, once each', async () => {
  const folder = join(root, 'told');
  const to = await receiver(() => 204);
  const webhook = { url: `http://127.0.0.1:${to.port}/` };
  const running = await station({ folder, overlays: true, webhook });
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test looks at
  const answers: any[] = [];
  for (const [i, path] of [made.good[0], made.anomalous[0], made.anomalous[0]].entries()) {
    const response = await fetch(
      `${running.url}/v1/detectors/weave/detect${i === 2 ? '' : `?name=part-${i}`}`,
      {
        ...{ method: 'POST', body: await readFile(path), headers: { 'content-type': 'image/png' } },
      },
    );
    expect(response.status).toBe(200);
    answers.push(await response.json());
    expect(answers[i]).not.toHaveProperty('overlay');
    expect(await linesOf(folder)).toHaveLength(i + 1);
  }
  await expect(station({ folder })).rejects.toThrow(/is in use/);
  await expect.poll(() => to.taken.length).toBe(3);
  await running.close();
  const lines = await linesOf(folder);
  expect(lines.map(({ image }) => image.path)).toEqual(['part-0', 'part-1', answers[2].image.sha256]);
  expect(to.taken).toEqual(lines.map(({ id }) => id));
  expect(new Set(to.taken).size).toBe(3);
  for (const [i, line] of lines.entries()) {
    const { detector, score, threshold, anomalous, foreign, regions } = answers[i];
    expect(line).toMatchObject({ detector, score, threshold, anomalous, foreign });
    expect(line.regions).toEqual(regions.map(({ area, ...region }: { area: number }) => region));
    const overlay = await decodeImage(await readFile(join(folder, line.overlay)));
    expect([overlay.width, overlay.height]).toEqual([64, 64]);
  }
  to.close();
});

test('a receiver that is away holds no answer up, and gets its verdicts from the next station', async () => {
  const folder = join(root, 'away');
  const away = await receiver(() => 503);
  const judge = async (url: string) => {
    const body = await readFile(made.good[1]);
    const headers = { 'content-type': 'image/png' };
    return (await fetch(`${url}/v1/detectors/weave/detect`, { method: 'POST', body, headers })).status;
  };
  const first = await station({ folder, webhook: { url: `http://127.0.0.1:${away.port}/` } });
  expect(await judge(first.url)).toBe(200);
  await first.close();
  away.close();
  const back = await receiver(() => 200);
  const second = await station({ folder, webhook: { url: `http://127.0.0.1:${back.port}/` } });
  await expect.poll(() => back.taken.length).toBe(1);
  await second.close();
  expect(back.taken).toEqual((await linesOf(folder)).map(({ id }) => id));
  back.close();
});
