/** What stands in a fenced or indented block of code. */
export interface CodeBlock {
  /** As the fence says; '' for an indented block. */
  language: string;
  text: string;
}

/** The blocks of code of a page of Markdown, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$|((?:^ {4}\S.*\n)+)/gm)].map(
    ([, language = '', fenced, indented]) => ({
      language,
      text: fenced ?? indented.replaceAll(/^ {4}/gm, ''),
    }),
  );
}

/** The `pieces of code` in the running text of a page, blocks left out. */
export function codeSpans(page: string): string[] {
  return [...prose(page).matchAll(/`([^`]+)`/g)].map(([, text]) => text.replaceAll(/\s+/g, ' '));
}

/** Where a page's links lead, blocks and spans of code left out. */
export function links(page: string): string[] {
  const text = prose(page).replaceAll(/`[^`]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** The anchors of a page's headings, as GitHub and VitePress make them. */
export function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[`*]|[^\p{L}\p{N}_ -]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function prose(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/(?:^ {4}\S.*\n)+/gm, '\n');
}

/** The commands in a block of shell code, a command per item: comments gone, continued lines joined. */
export function shellCommands(text: string): string[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/&&|\|\||[;|]/))
    .map((line) => line.trim())
    .filter(Boolean);
}

/** The words of a command as a shell parts them: quotes are taken away, nothing is expanded. */
export function shellWords(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}
