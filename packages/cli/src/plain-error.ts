/** What the parser says about an option, in one line and in the words that the rest of the program has. */
export function plainError(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(
      /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (needs .*?)\.?$/,
      "$1 $3, got '$2'",
    )
    .replace(
      /^option '(?:-\w, )?(--[\w-]+).*' cannot be used with option '(?:-\w, )?(--[\w-]+).*'$/,
      '$1 and $2 exclude each other',
    )
    .replaceAll(/option '(?:-\w, )?(--[\w-]+) [^']*'/g, '$1');
}
