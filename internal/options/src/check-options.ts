import { nearestName } from './nearest-name.js';

/** Every option of `T`: the compiler asks for a new one here too. */
export type KnownOptions<T> = Record<keyof Required<T>, true>;

/**
 * Throws where `options` is no object or has a key that is none of `known`: a misspelt option would be ignored.
 *
 * @param who the function that was called
 * @throws Error names the key, the nearest one and those there are
 */
export function checkOptions<T extends object>(who: string, options: T, known: KnownOptions<T>): void {
  const problem = optionProblem(who, options, known);
  if (problem !== undefined) throw new Error(problem);
}

/** What {@link checkOptions} would say; undefined where all is well. */
export function optionProblem<T extends object>(
  who: string,
  options: T,
  known: KnownOptions<T>,
): string | undefined {
  if (typeof options !== 'object' || options === null) {
    return `${who}: needs options as an object, got ${String(options)}`;
  }
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return undefined;
  const names = Object.keys(known);
  return `${who}: there is no option '${unknown}', the nearest is '${nearestName(unknown, names)}'; there are: ${names.join(', ')}`;
}
