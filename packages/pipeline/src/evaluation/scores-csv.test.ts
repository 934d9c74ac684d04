import { expect, test } from 'vitest';
import { scoresCsv } from './scores-csv.js';

test('fields with commas, quotes and line ends are quoted, an unknown label is empty', () => {
  const csv = scoresCsv([
    { id: 'test/good/a,b "c".png', defect: 'good', label: 0, score: 0.1, isAnomalous: false },
    { id: 'x.png', defect: 'unknown', label: undefined, score: 2, isAnomalous: true, isForeign: true },
    { id: 'y.png', defect: 'hole', label: 1, score: 1, isAnomalous: true, isForeign: false },
  ]);
  expect(csv).toBe(
    'id,defect,label,score,anomalous,foreign\n"test/good/a,b ""c"".png",good,0,0.1,0,\nx.png,unknown,,2,1,1\ny.png,hole,1,1,1,0\n',
  );
});
