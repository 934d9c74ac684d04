/** A row of a table by the names of its columns, in lower case, and the line it begins in. */
export interface TableRow {
  line: number;
  values: Record<string, string>;
}

/**
 * Reads a table with a header line: RFC 4180, and with semicolons or tabs for commas, whichever the header has most of; quoted
 * fields may hold line ends. Empty lines are left out, fields are trimmed.
 *
 * @throws with the line if a row has another number of fields than the header, or a quote is not closed
 */
export function parseCsv(text: string): TableRow[] {
  const plain = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(plain.split(/\r\n|\n|\r/, 1)[0]!);
  const [header, ...rows] = [...records(plain, separator)];
  if (!header) return [];
  const names = header.fields.map((name) => name.toLowerCase());
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw new Error(`line ${line}: needs ${names.length} fields, got ${fields.length}`);
    }
    return { line, values: Object.fromEntries(names.map((name, i) => [name, fields[i]!])) };
  });
}

function separatorOf(header: string): string {
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function* records(text: string, separator: string): Generator<{ line: number; fields: string[] }> {
  let line = 1;
  let begins = 1;
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (isQuoted) {
      if (character === '"' && text[i + 1] === '"') {
        field += '"';
        i++;
      } else if (character === '"') isQuoted = false;
      else {
        if (character === '\n') line++;
        field += character;
      }
    } else if (character === '"' && field.trim() === '') {
      isQuoted = true;
      field = '';
    } else if (character === separator) {
      fields.push(field.trim());
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[i + 1] === '\n') i++;
      fields.push(field.trim());
      if (fields.some((each) => each !== '')) yield { line: begins, fields };
      line++;
      [begins, fields, field] = [line, [], ''];
    } else field += character;
  }
  if (isQuoted) throw new Error(`line ${begins}: a quote is not closed`);
  fields.push(field.trim());
  if (fields.some((each) => each !== '')) yield { line: begins, fields };
}
