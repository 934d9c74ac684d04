/**
 * The members of a JSON object as pieces of its text, in the order of the text. `JSON.parse` puts integer-like names
 * first and keeps the last of two with one name.
 *
 * The pieces are not looked into: `JSON.parse` of each finds what is wrong there.
 *
 * @throws SyntaxError where `text` is no object, or a name stands twice
 */
export function jsonMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = skipSpace(text, expect(text, skipSpace(text, 0), '{'));
  if (text[at] === '}') return finish(text, at, members);
  for (;;) {
    const nameEnd = stringEnd(text, expect(text, at, '"') - 1) + 1;
    const name: string = JSON.parse(text.slice(at, nameEnd));
    if (members.has(name)) throw new SyntaxError(`${JSON.stringify(name)} stands twice`);
    const begin = skipSpace(text, expect(text, skipSpace(text, nameEnd), ':'));
    const end = valueEnd(text, begin);
    members.set(name, text.slice(begin, end));
    if (text[end] === '}') return finish(text, end, members);
    at = skipSpace(text, expect(text, end, ','));
  }
}

function finish(text: string, close: number, members: Map<string, string>): Map<string, string> {
  const rest = skipSpace(text, close + 1);
  if (rest < text.length)
    throw new SyntaxError(`needs its end at character ${rest}, got ${shown(text, rest)}`);
  return members;
}

function expect(text: string, at: number, needed: string): number {
  if (text[at] === needed) return at + 1;
  throw new SyntaxError(`needs ${needed} at character ${at}, got ${shown(text, at)}`);
}

function shown(text: string, at: number): string {
  return at < text.length ? JSON.stringify(text[at]) : 'its end';
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

/** The place of the quote that closes the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
  }
  throw new SyntaxError(`the string at character ${start} has no end`);
}

/** The place of the comma or bracket that follows the value that begins at `start`. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === '{' || character === '[') depth++;
    else if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at;
    else if (character === '}' || character === ']') depth--;
  }
  throw new SyntaxError(`the value at character ${start} has no end`);
}
