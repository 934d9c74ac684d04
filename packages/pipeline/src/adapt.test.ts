import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { areEqual, useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';

const { at, config, copy } = useTrained();

test('an interrupted adaptation that is resumed ends as if it had never stopped', async () => {
  await copy('adapted');
  const longer = {
    ...config,
    adaptation: { epochs: 3, batchSize: 4 },
    output: { checkpoints: at('adapted') },
  };
  await adapt(longer);
  await copy('adapted-parts');
  const parts = { ...longer, output: { checkpoints: at('adapted-parts') } };
  const controller = new AbortController();
  await expect(
    adapt(parts, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => phase === 'adapt' && done === 3 && controller.abort(),
    }),
  ).rejects.toThrow(/interrupted after 1 of 3 adaptation epochs; option resume continues it/);
  await rm(at('adapted-parts', 'features-1.safetensors')); // not what it goes on from
  const steps: number[] = [];
  await adapt(parts, {
    resume: true,
    onProgress: ({ phase, done }) => phase === 'adapt' && steps.push(done),
  });
  expect(steps).toEqual([3, 4, 5, 6]);
  const file = 'features-3.safetensors';
  expect(await areEqual(at('adapted-parts', file), at('adapted', file))).toBe(true);

  const other = { ...parts, adaptation: { ...parts.adaptation, lambda: 0.5 } };
  await expect(adapt(other, { resume: true })).rejects.toThrow(/adaptation saved in .* has other settings/);
  const shorter = { ...parts, adaptation: { ...parts.adaptation, epochs: 2 } };
  await expect(adapt(shorter, { resume: true })).rejects.toThrow(/at epoch 3, beyond adaptation.epochs 2/);
});

test('an adaptation learns where a picture counts', async () => {
  const adapted = async (name: string, roi?: { include: [number, number][][] }) => {
    await copy(name);
    await adapt({
      ...config,
      data: { ...config.data, roi },
      adaptation: { epochs: 1, batchSize: 10 },
      output: { checkpoints: at(name) },
    });
    return at(name, 'features-1.safetensors');
  };
  const upTo = (x: number): [number, number][] => [
    [0, 0],
    [x, 0],
    [x, 1],
    [0, 1],
  ];
  const everywhere = await adapted('everywhere');
  expect(await areEqual(await adapted('all', { include: [upTo(1)] }), everywhere)).toBe(true);
  expect(await areEqual(await adapted('half', { include: [upTo(0.5)] }), everywhere)).toBe(false);
});

test('an adaptation that goes on with another region says so', async () => {
  await copy('region');
  const one = { ...config, adaptation: { epochs: 1, batchSize: 10 }, output: { checkpoints: at('region') } };
  await adapt(one);
  const notices: string[] = [];
  const options = { resume: true, onNotice: (text: string) => notices.push(text) };
  await adapt(one, options);
  expect(notices.filter((text) => /data\.roi/.test(text))).toEqual([]);
  const half: [number, number][] = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ];
  await adapt({ ...one, data: { ...config.data, roi: { include: [half] } } }, options);
  expect(notices.join('\n')).toMatch(
    /began on other images, or with another data\.roi: epochs after the 1 that/,
  );
});

test('an adaptation needs a training', async () => {
  await expect(adapt({ ...config, output: { checkpoints: at('empty') } })).rejects.toThrow(
    /run `train` first/,
  );
});
