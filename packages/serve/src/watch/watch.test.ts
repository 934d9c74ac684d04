import { appendFile, cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector } from '@ddad/detector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import type { Verdict } from '../sinks/verdict.js';
import { type WatchOptions, watch } from './watch.js';

let made: MadeDetector;
let incoming: string;
let out: string;
beforeAll(async () => {
  made = await makeDetector();
  incoming = join(made.root, 'incoming');
  out = join(made.root, 'verdicts');
  await mkdir(join(incoming, 'line 1'), { recursive: true });
});
afterAll(() => rm(made.root, { recursive: true }));

/** Runs `watch --once`, and gives the paths it judged. */
async function once(options: Partial<WatchOptions> = {}): Promise<string[]> {
  const told: Verdict[] = [];
  const settings = { detector: made.folder, out, settle: 0.2, once: true, engine: 'ort', threads: 1 };
  await watch(incoming, { ...settings, onVerdict: (verdict) => void told.push(verdict), ...options });
  return told.map(({ image }) => image.path);
}

const verdicts = async () =>
  (await readFile(join(out, 'verdicts.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('what is there is judged, as the detector judges it; and what it cannot read is told', async () => {
  await cp(made.good[0], join(incoming, 'good.png'));
  await cp(made.anomalous[0], join(incoming, 'line 1', 'bad.png'));
  await writeFile(join(incoming, 'broken.jpg'), 'no picture');
  await writeFile(join(incoming, 'notes.txt'), 'no picture');
  await writeFile(join(incoming, '.hidden.png'), 'no picture');
  await writeFile(join(incoming, 'late.png.part'), 'no picture');
  expect((await once({ overlays: true })).sort()).toEqual(['broken.jpg', 'good.png', 'line 1/bad.png']);
  const detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
  const expected = await detector.detect(made.anomalous[0]);
  detector.dispose();
  const all = await verdicts();
  const bad = all.find(({ image }) => image.path === 'line 1/bad.png');
  expect(bad).toMatchObject({
    detector: 'detector',
    image: { width: 64, height: 64, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ...{ score: expected.score, threshold: expected.threshold, anomalous: true },
    overlay: `overlays/line 1/bad.png.${bad.id.slice(0, 8)}.png`,
  });
  expect(bad.regions[0]).toEqual({ ...expected.regions[0].original, peak: expected.regions[0].peak });
  expect([...(await readFile(join(out, bad.overlay))).subarray(1, 4)]).toEqual(
    [...'PNG'].map((c) => c.charCodeAt(0)),
  );
  expect(all.find(({ image }) => image.path === 'broken.jpg').error).toMatch(/cannot read .*not a PNG/);
});

test('nothing is judged twice: not after a restart, not when touched; other bytes under a name are', async () => {
  expect(await once()).toEqual([]);
  await utimes(join(incoming, 'good.png'), 1, 1);
  expect(await once()).toEqual([]);
  await cp(made.anomalous[1], join(incoming, 'good.png'));
  expect(await once()).toEqual(['good.png']);
  expect(await verdicts()).toHaveLength(4);
});

test('a file that is still written to is left alone until it is whole', async () => {
  const bytes = await readFile(made.good[2]);
  const path = join(incoming, 'slow.png');
  await writeFile(path, bytes.subarray(0, 200));
  const end = new AbortController();
  const told: Verdict[] = [];
  const watching = once({
    ...{ once: false, settle: 0.5, signal: end.signal },
    onVerdict(verdict) {
      told.push(verdict);
      end.abort();
    },
  });
  const step = Math.ceil((bytes.length - 200) / 8);
  for (let at = 200; at < bytes.length; at += step) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await appendFile(path, bytes.subarray(at, at + step));
  }
  await watching;
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    image: { path: 'slow.png', bytes: bytes.length },
    score: expect.any(Number),
  });
});

test('a folder of verdicts has one watch at a time', async () => {
  const end = new AbortController();
  let second: unknown;
  await once({
    ...{ once: false, signal: end.signal },
    onReady() {
      void once()
        .catch((error) => {
          second = error;
        })
        .finally(() => end.abort());
    },
  });
  expect((second as Error).message).toMatch(/verdicts is in use by process/);
});

test('options are checked', async () => {
  await expect(watch(join(made.root, 'nowhere'), { detector: made.folder })).rejects.toThrow(
    /there is no folder/,
  );
  await expect(once({ settle: Number.NaN })).rejects.toThrow(
    /option settle: needs seconds, 0 or more, got NaN/,
  );
  await expect(once({ overlay: true } as never)).rejects.toThrow(/there is no option 'overlay'/);
});
