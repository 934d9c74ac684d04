import type { Progress } from '@ddad/pipeline';
import { formatSeconds } from './time-left.js';

/** What each kind of work is called. */
export const phaseNames: Record<Progress['phase'], string> = {
  synthesize: 'Drawing',
  download: 'Downloading',
  unpack: 'Unpacking',
  prepare: 'Preparing',
  load: 'Loading',
  memorize: 'Remembering',
  compare: 'Comparing',
  train: 'Training',
  adapt: 'Adapting',
  calibrate: 'Calibrating',
  choose: 'Weighing',
  tune: 'Tuning',
  evaluate: 'Evaluating',
  baselines: 'Baselines',
  detect: 'Detecting',
};

/** What one line of progress says, in at most `width` characters; the bar takes what is left over. */
export function progressLine(
  { phase, done, total, loss }: Progress,
  { width, secondsLeft, bar = true }: { width: number; secondsLeft?: number; bar?: boolean },
): string {
  const percent = `${Math.floor((100 * done) / Math.max(total, 1))}%`;
  const parts = [phaseNames[phase], percent.padStart(4)];
  const optional = [
    secondsLeft === undefined || done >= total ? '' : `${formatSeconds(secondsLeft)} left`,
    loss === undefined ? '' : `loss ${loss.toPrecision(4)}`,
    phase === 'download' ? `${megabytes(done)}/${megabytes(total)} MB` : `${done}/${total}`,
  ];
  for (const part of optional) {
    if (part && [...parts, part].join(' ').length <= width - 1) parts.push(part);
  }
  const room = width - 2 - parts.join(' ').length;
  if (bar && room >= 8) {
    const size = Math.min(room, 30);
    const filled = Math.round((size * done) / Math.max(total, 1));
    parts.splice(1, 0, '█'.repeat(filled) + '░'.repeat(size - filled));
  }
  return parts.join(' ').slice(0, Math.max(width - 1, 1));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
