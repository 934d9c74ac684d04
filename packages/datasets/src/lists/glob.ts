/**
 * A pattern of paths as a regular expression: `*` is any part of a name, `**` any folders, `?` one character, `{a,b}` either.
 *
 * @param pattern with `/`
 */
export function globPattern(pattern: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (pattern.startsWith('**/', i)) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      source += '.*';
      i++;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{') {
      depth++;
      source += '(?:';
    } else if (character === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (character === ',' && depth > 0) source += '|';
    else source += character.replace(/[.+^$()|[\]\\{}]/, '\\$&');
  }
  if (depth > 0) throw new Error(`the pattern ${pattern} has a { without }`);
  return new RegExp(`^${source}$`, 'u');
}
