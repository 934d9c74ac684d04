import { expect, test } from 'vitest';
import {
  curveSvg,
  heatMap,
  histogramSvg,
  overlay,
  panel,
  photoOverlay,
  renderIndex,
  renderReport,
  renderTables,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  curveSvg: () => curveSvg(none, wrong),
  heatMap: () => heatMap(none, wrong),
  histogramSvg: () => histogramSvg(none, wrong),
  overlay: () => overlay(none, none, wrong),
  panel: () => panel(none, wrong),
  photoOverlay: () => photoOverlay(none, none, wrong),
  renderIndex: () => renderIndex(wrong),
  renderReport: () => renderReport(wrong),
  renderTables: () => renderTables(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
