import { describe, expect, it } from 'vitest';
import { folderRole } from './folder-names.js';

const labels = (names: string) =>
  names
    .trim()
    .split(/\s*,\s*/)
    .map((name) => [name, folderRole(name).label]);

describe('folderRole', () => {
  it('knows the names of good images in a dozen languages', () => {
    const names = `good, GOOD, Good Parts, ok, OK_1, okay, pass, normal, ok_front, defect-free, no defects, non-defective,
      gut, Gutteile, i.O., iO, IO, io_Teile, fehlerfrei, ohne Fehler, In Ordnung, bon, Bonnes, conforme, sans_défauts,
      bueno, buenos, buenas, sin defecto, buono, buoni, senza difetti, bom, goed, dobre, iyi, хорошие, годные,
      良品, 良品_1, 合格品, 正常, 无缺陷, 好, 良, 異常なし, OK品, 양품, 정상`;
    for (const [name, label] of labels(names)) expect([name, label]).toEqual([name, 'good']);
  });

  it('knows the names of anomalous images in a dozen languages', () => {
    const names = `nok, NOK, N.O.K, NG, ng_3, bad, Bad Parts, badParts, partNOK, nOk, n_ok, defect, defects, defective, def_front, anomaly,
      anomalies, anomalous, abnormal, fault, faulty, fail, failed, reject, rejected, ko, scrap, broken, damaged,
      not ok, not_ok, notOk, no good, not-good, not so good, non-conforming, scratch, cracks, No. 3 defects, SEM_defects,
      schlecht, Schlechtteile, Fehler, fehlerhaft, defekt, Ausschuß, n.i.O., NiO, nio, nicht ok, nicht_i.O., Mängel,
      mauvais, défaut, Défauts, defectueux, rebut, non conforme, pas bon, malo, malos, defecto, defectuosos, rechazados,
      no conforme, un defecto, difetto, difetti, difettosi, scarto, scarti, guasto, ruim, defeito, slecht, złe, kötü, брак, дефект,
      不良, 不良品, 不良品图片, 不合格, 缺陷, 次品, 异常, 瑕疵, 坏, 欠陥, 異常, 傷あり, キズ, ＮＧ, NG品, 不OK, 非OK品, 불량, 불량품, 비정상`;
    for (const [name, label] of labels(names)) expect([name, label]).toEqual([name, 'defect']);
  });

  it('does not choose where a name says both, or different things to different people', () => {
    for (const [name, label] of labels('ok_nok, good and bad, positive, Negatives, neg, suspect'))
      expect([name, label]).toEqual([name, 'unclear']);
  });

  it('takes nothing from other names', () => {
    const names = `bottle, hole, IO board, pokemon, 2026-05, images, defiant, goodwill, badge, knock, ngc, anomalib,
      failsafe, 改良, camera_1, okra, normandy`;
    for (const [name, label] of labels(names)) expect([name, label]).toEqual([name, undefined]);
  });

  it('knows splits, masks and names that say nothing', () => {
    expect(folderRole('train')).toEqual({ split: 'train' });
    expect(folderRole('Training_Images')).toEqual({ split: 'train' });
    expect(folderRole('test_good')).toEqual({ split: 'test', label: 'good' });
    expect(folderRole('defect-train')).toEqual({ split: 'train', label: 'defect' });
    for (const name of ['valid', 'val', 'Validation'])
      expect(folderRole(name)).toEqual({ split: 'validation' });
    expect(folderRole('test2')).toEqual({ split: 'test' });
    expect(folderRole('test bench')).toEqual({});
    expect(folderRole('toy train')).toEqual({});
    for (const name of ['ground_truth', 'GroundTruth', 'masks', 'defect_masks', 'GT', '掩膜'])
      expect(folderRole(name)).toEqual({ isMasks: true });
    for (const name of ['images', '2026-05', 'Photos (1)', 'all'])
      expect(folderRole(name)).toEqual({ isNeutral: true });
  });
});
