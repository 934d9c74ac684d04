import { InvalidArgumentError } from 'commander';

export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === '') {
    throw new InvalidArgumentError('needs a whole number, 0 or more');
  }
  return value;
}

export function threshold(text: string): number | string {
  if (['calibrated', 'conformal', 'youden'].includes(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === '') {
    throw new InvalidArgumentError('needs a number, calibrated, conformal or youden');
  }
  return value;
}

export function rate(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) {
    throw new InvalidArgumentError(
      'needs a share between 0 and 1, e.g. 0.01 for one good image of a hundred',
    );
  }
  return value;
}

export function pixels(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && Number.isFinite(value))) throw new InvalidArgumentError('needs pixels, 1 or more');
  return value;
}
