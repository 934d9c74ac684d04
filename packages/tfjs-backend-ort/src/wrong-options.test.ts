import { expect, test } from 'vitest';
import { compile, compileLoop, initOrt, toOnnx } from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  compile: () => compile(none, wrong),
  compileLoop: () => compileLoop(none, wrong),
  toOnnx: () => toOnnx(none, wrong),
  initOrt: () => initOrt(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
