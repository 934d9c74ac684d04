import { InvalidArgumentError } from 'commander';

const seconds = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of `90`, `90s`, `10m` or `1.5h`. */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*([smh])?$/.exec(text.trim()) ?? [];
  const value = Number(number) * seconds[unit as keyof typeof seconds];
  if (!(value > 0)) throw new InvalidArgumentError('Needs a time such as 90s, 10m or 1.5h.');
  return value;
}
