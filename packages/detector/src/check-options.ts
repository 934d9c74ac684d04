import { UserError } from './errors.js';

/**
 * Throws where `options` is no object or has a key that is none of `known`: a misspelt option would be ignored.
 *
 * @param who the function that was called
 * @throws {UserError} names the key and those there are
 */
export function checkOptions<T extends object>(
  who: string,
  options: T,
  known: Record<keyof Required<T>, true>,
): void {
  if (typeof options !== 'object' || options === null) {
    throw new UserError(`${who}: needs options as an object, got ${String(options)}`, { code: 'option' });
  }
  const names = Object.keys(known);
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw new UserError(`${who}: there is no option '${unknown}'; there are: ${names.join(', ')}`, {
      code: 'option',
    });
  }
}

/** The keys of `TaskOptions`. */
export const taskKeys = { onProgress: true, onNotice: true, signal: true } as const;

/** The keys of `LoadDetectorOptions`. */
export const loadKeys = {
  engine: true,
  threads: true,
  threshold: true,
  backbone: true,
  onNotice: true,
} as const;
