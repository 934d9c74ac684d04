/** What the name of a folder says of the images in it. */
export interface FolderRole {
  split?: 'train' | 'validation' | 'test';
  /** `unclear` where a name says both, or means good to one and anomalous to the other: `positive`. */
  label?: 'good' | 'defect' | 'unclear';
  /** The images are masks. */
  isMasks?: true;
  /** A name that says nothing: `images`, `photos`, `2026-05`. */
  isNeutral?: true;
}

const GOOD = words(`
  good ok okay pass passed passing normal normals nominal conform conforming healthy flawless intact undamaged
  defectless nondefective nonanomalous nondefect
  gut gute guter gutes gutteil gutteile io inordnung fehlerfrei defektfrei mangelfrei einwandfrei
  bon bons bonne bonnes conforme conformes correct corrects correcte correctes
  bueno buenos buena buenas bien correcto correctos correcta correctas
  buono buoni buona buone conformi normale normali
  bom boa boas goed goede goedgekeurd dobre dobry dobra spravne iyi saglam
  хорошие хороший хорошо годен годные годный норма норм
`);

const DEFECT = words(`
  nok notok nogood ng ko bad defect defects defective defectives def anomaly anomalies anomalous abnormal abnormals
  abnormality abnormalities fault faults faulty fail fails failed failure failures failing reject rejects rejected
  rejection rejections scrap scrapped broken damage damages damaged flaw flaws flawed error errors nonconforming
  nonconform nonconformity nonconformities unhealthy imperfect outlier outliers anom irregular notgood nonok rework
  scratch scratches scratched crack cracks cracked dent dents dented stain stains stained burr burrs rust rusty
  contamination contaminated contaminations chipped bent corrosion corroded deformed deformation misaligned misplaced
  torn burnt burned leak leaking rotten bruise bruised missing
  nio schlecht schlechte schlechter schlechtteil schlechtteile fehler fehlerhaft fehlerhafte fehlerteil fehlerteile
  fehlerbild fehlerbilder defekt defekte defekten ausschuss mangel mangelhaft mangelhafte maengel kaputt schrott nacharbeit
  beschaedigt beschadigt kratzer riss risse delle dellen anomalie anomalien
  mauvais mauvaise mauvaises defaut defauts defaillant defaillants defaillance defectueux defectueuse defectueuses
  rebut rebuts rayure rayures fissure fissures casse casses abime abimes
  malo malos mala malas mal defecto defectos defectuoso defectuosos defectuosa defectuosas rechazo rechazos rechazado
  rechazados rechazada rechazadas fallo fallos falla fallas anomalia anomalias roto rotos danado danados
  rayado rayados grieta grietas
  difetto difetti difettoso difettosi difettosa difettose scarto scarti guasto guasti rotto rotti cattivo cattivi
  cattiva cattive graffio graffi anomala anomale anomalo anomali
  ruim ruins mau maus defeito defeitos defeituoso defeituosos defeituosa defeituosas rejeito rejeitado rejeitados
  slecht slechte fout fouten afkeur afgekeurd zle złe wadliwe wadliwy wada wady braki vadne kotu hatali kusurlu
  брак браки дефект дефекты дефектные плохие плохой плохо негодные негодный аномалия аномалии
`);

/** Turn the next word. (`sem` and `un` would be wrong more often than right: a microscope, an article.) */
const NOT = words('not no non nicht kein keine ohne without sans pas sin senza zonder geen bez не без 不 非');

const UNCLEAR = words(`
  positive positives negative negatives pos neg suspect suspicious doubtful questionable borderline quarantine
  zweifelhaft grenzfall
`);

const TRAIN = words('train training trn');
const VALIDATION = words('valid validation validate val dev');
const TEST = words('test testing tests tst');
const MASKS = words(
  'mask masks groundtruth gt maske masken masque masques mascara mascaras maschera maschere',
);
const NEUTRAL = words(`
  images image imgs img pictures picture pics pic photos photo fotos foto bilder bild data dataset set samples sample
  parts part teile teil bauteile raw all new misc other others unsorted unlabeled unlabelled unlabel unknown
`);

/** Chinese, Japanese and Korean are written without spaces: what a name contains, the first that fits. */
const UNSPACED: [RegExp, 'good' | 'defect'][] = [
  [anyOf('无缺陷 無缺陷 无异常 無异常 无瑕疵 無瑕疵 欠陥なし 異常なし 不良なし 결함없음 이상없음'), 'good'],
  [anyOf('不良 不合格 不正常 非正常 非良品 不好 缺陷 次品 异常 異常 坏 壞 瑕疵 废品 廢品 报废'), 'defect'],
  [anyOf('欠陥 欠点 欠損 破损 破損 損傷 划痕 划伤 裂纹 傷 キズ 故障 불량 결함 비정상 이상 불합격'), 'defect'],
  [anyOf('良品 合格 正常 양품 정상 합격 ^好$ ^良$'), 'good'],
];
const UNSPACED_MASKS = anyOf('掩膜 掩码 遮罩 マスク 마스크');

/** Reads the name of a folder. Words are compared without case, accents and separators, in a dozen languages. */
export function folderRole(name: string): FolderRole {
  const tokens = tokensOf(name);
  if (tokens.some((token) => MASKS.has(token) || UNSPACED_MASKS.test(token))) return { isMasks: true };
  const role: FolderRole = {};
  const label = labelOf(tokens);
  if (label) role.label = label;
  else if (!tokens.every(isEmptyWord)) return role;
  if (tokens.some((token) => TRAIN.has(token))) role.split = 'train';
  else if (tokens.some((token) => VALIDATION.has(token))) role.split = 'validation';
  else if (tokens.some((token) => TEST.has(token))) role.split = 'test';
  else if (!label) role.isNeutral = true;
  return role;
}

/** Whether a name says that images are anomalous, and nothing else: `nok`, `not ok`, but not `bad-homburg-2`. */
export function isDefectName(name: string): boolean {
  const tokens = tokensOf(name);
  return (
    labelOf(tokens) === 'defect' &&
    tokens.every((token) => isEmptyWord(token) || wordLabel(token, tokens) !== undefined)
  );
}

function labelOf(tokens: readonly string[]): FolderRole['label'] {
  const said = new Set<'good' | 'defect'>();
  let isDenied = false;
  for (const [i, token] of tokens.entries()) {
    const word = wordLabel(token, tokens);
    isDenied ||= NOT.has(token);
    if (word === 'good') said.add(isDenied ? 'defect' : 'good');
    // Only right beside it: not `no. 3 defects`.
    if (word === 'defect')
      said.add(NOT.has(tokens[i - 1] ?? '') || tokens[i + 1] === 'free' ? 'good' : 'defect');
    if (word !== undefined) isDenied = false;
  }
  if (said.size === 2) return 'unclear';
  const [label] = said;
  return label ?? (tokens.some((token) => UNCLEAR.has(token)) ? 'unclear' : undefined);
}

function wordLabel(token: string, tokens: readonly string[]): 'good' | 'defect' | undefined {
  if (DEFECT.has(token)) return 'defect';
  // `i.O.`, but not `IO board`.
  if (token === 'io') return tokens.every((one) => one === 'io' || isEmptyWord(one)) ? 'good' : undefined;
  if (GOOD.has(token)) return 'good';
  return UNSPACED.find(([pattern]) => pattern.test(token))?.[1];
}

function isEmptyWord(token: string): boolean {
  return token === NUMBER || [NOT, NEUTRAL, TRAIN, VALIDATION, TEST].some((set) => set.has(token));
}

/** What stands for digits. */
const NUMBER = '#';

/** The words of a name: `NOT_ok-2` is `not ok #`, `n.i.O.` is `nio`, `goodParts` is `good parts`. */
function tokensOf(name: string): string[] {
  return plain(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .replaceAll(BETWEEN_SCRIPTS, ' ')
    .replaceAll(/\p{N}+/gu, ` ${NUMBER} `)
    .replaceAll(/[^\p{L}#]+/gu, ' ')
    .trim()
    .replaceAll(/\b([a-z]) (?=[a-z]\b)/g, '$1')
    .replaceAll(/\b(ni o|n io|n ok|in ordnung|ground truth)\b/g, (joined) => joined.replace(' ', ''))
    .split(' ')
    .filter((token) => token !== '');
}

/** Between Latin letters and those of languages without spaces: `NG品`. */
const BETWEEN_SCRIPTS =
  /(?<=\p{sc=Latin})(?=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}])|(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}])(?=\p{sc=Latin})/gu;

/** Lower case, without accents, full width and ligatures. */
function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

function words(list: string): Set<string> {
  return new Set(plain(list).trim().split(/\s+/));
}

function anyOf(list: string): RegExp {
  return new RegExp(plain(list).trim().split(/\s+/).join('|'));
}
