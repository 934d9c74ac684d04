import type { Report } from '@ddad/pipeline';
import { plural } from './plural.js';

/** At most so many images are named. */
const named = 5;

/** What a run has found, and what to do next: lines for people. */
export function nextSteps(report: Report, { checkpoint }: { checkpoint: string }): string[] {
  return [...found(report), ...advice(report, checkpoint)];
}

function found({ images }: Report): string[] {
  if (!images.length) return [];
  const anomalous = images.filter(({ isAnomalous }) => isAnomalous).sort((a, b) => b.score - a.score);
  const count = `${anomalous.length} of ${plural(images.length, 'test image')} look anomalous`;
  if (!anomalous.length) return [`${count}.`];
  const more = anomalous.length > named ? `, and ${anomalous.length - named} more (scores.csv)` : '';
  const names = anomalous.slice(0, named).map(({ id }) => id);
  return [`${count}: ${names.join(', ')}${more}.`];
}

function advice({ config, certainty, images, dataset, confusion }: Report, checkpoint: string): string[] {
  const lines = [
    'Your own pictures:',
    `  ddad detect --checkpoint ${quoted(checkpoint)} new.jpg`,
    'To make it better:',
  ];
  if (dataset.train < 40) {
    lines.push('  more good images: from 40 on, some are held back to set the threshold with');
  } else if (certainty?.isExtrapolated) {
    lines.push(
      `  more good images: ${certainty.guarantee?.needed ?? Math.ceil(1 / certainty.falseAlarmRate)} for the threshold alone make it sure`,
    );
  }
  if (['random', 'embedded'].includes(config.features.weights)) {
    lines.push(
      '  features that have seen photographs: ddad download weights efficientnet_lite0 (or resnet18), then the same again',
    );
  }
  if (!images.length) {
    lines.push(
      '  some pictures with defects beside the good ones, in a folder `defects`: the report then says what it finds',
    );
  } else if (confusion && confusion.fn > 0) {
    lines.push(
      `  look at the ${plural(confusion.fn, 'defect')} it missed in the report; a larger --image-size shows smaller ones`,
    );
  }
  const { budget, steps } = config.training;
  if (budget === null && steps !== null) lines.push(`  a longer training: --steps ${2 * steps}`);
  // in more, one that has a limit of steps gets no better (docs/decisions/0014)
  const longer = steps === null ? 60 : 10;
  if (budget !== null && budget < 60 * longer) lines.push(`  a longer training: --budget ${longer}m`);
  return lines;
}

function quoted(path: string): string {
  return /[^\w./\\:-]/.test(path) ? JSON.stringify(path) : path;
}
