import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@ddad/images';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describePlan, plan } from './plan.js';

let root: string;

/** Ten good images, nine of 200 x 100 and one of 64 x 64, which is what their headers say. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddad-plan-'));
  await mkdir(join(root, 'photos'));
  for (let i = 0; i < 10; i++) {
    const [width, height] = i === 4 ? [64, 64] : [200, 100];
    const data = new Uint8Array(width * height * 3).fill(i);
    await writeFile(join(root, 'photos', `${i}.png`), await encodePng({ data, width, height, channels: 3 }));
  }
  await mkdir(join(root, 'two'));
  for (const name of ['a.png', 'b.png']) {
    const data = new Uint8Array(48);
    await writeFile(join(root, 'two', name), await encodePng({ data, width: 4, height: 4, channels: 3 }));
  }
});
afterAll(() => rm(root, { recursive: true }));

const small = () => ({ preset: 'small' as const, data: { root: join(root, 'photos'), imageSize: 64 } });

test('says sizes, what vanishes, and what a run takes, before anything is decoded', async () => {
  const made = await plan(small());
  expect(made).toMatchObject({
    ...{ train: 10, test: 0, seen: 64, reconstructed: 64, budget: null },
    sizes: [
      { width: 200, height: 100, count: 9 },
      { width: 64, height: 64, count: 1 },
    ],
    // two of 64 pixels over 200 and 100
    smallestDefect: { width: 7, height: 4 },
    cost: { steps: 600, batchSize: 8 },
  });
  const [counts, seen, takes] = describePlan(made);
  expect(counts).toBe('10 good images to train on, none to test; 200x100 most of them');
  expect(seen).toContain('seen at 64x64: a defect smaller than about 7x4 pixels');
  expect(takes).toMatch(
    /^takes 600 steps of 8 images, about \d+ min on two CPU cores, about \d+ MB of memory and \d+ MB/,
  );
});

test('memory grows with the pixels and falls with microBatchSize', async () => {
  const memory = async (training: object, imageSize = 128) => {
    const config = small();
    return (await plan({ ...config, data: { ...config.data, imageSize }, training })).cost.memory;
  };
  // measured: 1645, 970 and 660 MB at the peak
  expect((await memory({ batchSize: 8 })) / 1645e6).toBeCloseTo(1, 0);
  expect(Math.abs((await memory({ batchSize: 8, microBatchSize: 4 })) / 970e6 - 1)).toBeLessThan(0.2);
  expect(Math.abs((await memory({ batchSize: 8 }, 64)) / 660e6 - 1)).toBeLessThan(0.2);
});

test('memory grows with the size of the images also where the UNet works at a smaller one', async () => {
  const memory = async (imageSize: number) => {
    const { cost } = await plan({ data: { ...small().data, imageSize } }, { instant: true });
    expect(cost.steps).toBe(0);
    return cost.memory;
  };
  // measured: 683 and 1457 MB at the peak
  expect(Math.abs((await memory(512)) / 683e6 - 1)).toBeLessThan(0.2);
  expect(Math.abs((await memory(1024)) / 1457e6 - 1)).toBeLessThan(0.2);
});

test('a budget is the most that it takes, and its steps are the most in it', async () => {
  const auto = await plan({ data: small().data });
  expect(auto).toMatchObject({ budget: 600, cost: { steps: 1200 } });
  expect(describePlan(auto).at(-1)).toMatch(
    /^takes at most 10 min \(training\.budget\), about \d+ MB of memory and \d+ MB of disk$/,
  );
  expect((await plan({ data: small().data, training: { budget: 1 } })).cost.steps).toBeLessThan(1200);
});

test('the first stage alone takes no training', async () => {
  const lines = describePlan(await plan({ data: small().data }, { instant: true }));
  expect(lines.at(-1)).toMatch(/^takes about \d+ MB of memory; nothing is trained$/);
});

test('sizes that are impossible and images too few are refused', async () => {
  const of = (imageSize: number) => plan({ ...small(), data: { ...small().data, imageSize } });
  await expect(of(50)).rejects.toThrow(/imageSize divisible by 8, got 50; choose another data\.imageSize/);
  const huge = 8 * Math.ceil(Math.sqrt(totalmem()) / 8);
  await expect(of(huge)).rejects.toThrow(/data\.imageSize: images of \d+ pixels take about .* GB of memory/);
  await expect(plan({ data: { ...small().data, imageSize: 102_400 } })).rejects.toThrow(
    /data\.imageSize: images of 102400 pixels take about .* GB of memory/,
  );
  await expect(plan({ data: { root: join(root, 'two') } })).rejects.toThrow(/at least 3 good images, got 2/);
});
