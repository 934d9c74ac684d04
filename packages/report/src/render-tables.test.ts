import { expect, test } from 'vitest';
import { renderTables } from './render-tables.js';

const table = { title: 'A & B', header: ['x', '<y>'], rows: [['1', '2']] };

test('cells, links and a last row, all of them escaped', () => {
  const html = renderTables({
    title: '<t>',
    notes: ['one', '<two>'],
    tables: [
      table,
      {
        title: 'Links',
        header: ['name', 'reports'],
        rows: [
          [
            [{ text: 'bottle' }],
            [
              { text: '42', href: 'a/"b".html' },
              { text: '43', href: 'c.html' },
            ],
          ],
        ],
        footer: ['Mean', '<3>'],
      },
    ],
  });
  expect(html).toContain('<title>&lt;t&gt;</title>');
  expect(html).toContain('<p>one</p><p>&lt;two&gt;</p>');
  expect(html).toContain('<h2 id="table-1">A &amp; B</h2>');
  expect(html).toContain('<th scope="col">&lt;y&gt;</th>');
  expect(html).toContain('<tr><th scope="row">1</th><td>2</td></tr>');
  expect(html).toContain('<a href="a/&quot;b&quot;.html">42</a> <a href="c.html">43</a>');
  expect(html).toContain('<tfoot><tr><th scope="row">Mean</th><td>&lt;3&gt;</td></tr></tfoot>');
});

test('refuses nothing, and rows that do not fit', () => {
  expect(() => renderTables({ title: 'x', tables: [] })).toThrow(
    'renderTables: needs at least one table, got none',
  );
  for (const wrong of [{ rows: [['1']] }, { footer: ['1', '2', '3'] }]) {
    expect(() => renderTables({ title: 'x', tables: [{ ...table, ...wrong }] })).toThrow(
      /'A & B' needs 2 cells in every row, as its header has, got [13]/,
    );
  }
});
