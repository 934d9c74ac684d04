import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const { NVIDIA_TF32_OVERRIDE: before } = process.env;
const override = () => process.env.NVIDIA_TF32_OVERRIDE;
/** As in a process that has not begun. */
const fresh = async () => {
  vi.resetModules();
  return import('./allow-tf32.js');
};
beforeEach(() => void Reflect.deleteProperty(process.env, 'NVIDIA_TF32_OVERRIDE'));
afterEach(() => {
  Reflect.deleteProperty(process.env, 'NVIDIA_TF32_OVERRIDE');
  if (before !== undefined) process.env.NVIDIA_TF32_OVERRIDE = before;
});

it('forbids and allows', async () => {
  const { allowTf32 } = await fresh();
  allowTf32(false);
  expect(override()).toBe('0');
  allowTf32(true); // too late, and more exact than asked for
  expect(override()).toBe('0');
  allowTf32(false);
  const other = await fresh();
  Reflect.deleteProperty(process.env, 'NVIDIA_TF32_OVERRIDE');
  other.allowTf32(true);
  other.allowTf32(true);
  expect(override()).toBe('1');
  expect(() => other.allowTf32(false)).toThrow('CUDA has begun with precision tf32 in this process');
});

it('leaves what the environment says', async () => {
  process.env.NVIDIA_TF32_OVERRIDE = '1';
  const { allowTf32 } = await fresh();
  allowTf32(false);
  expect(override()).toBe('1');
});
