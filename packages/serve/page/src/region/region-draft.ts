import type { Polygons } from '../api/answers.js';

export type AreaKind = 'include' | 'ignore';
export type Corner = [number, number];

/** A region of interest that is being drawn. */
export class RegionDraft {
  readonly areas: { kind: AreaKind; corners: Corner[] }[] = [];
  /** Corners of the polygon that is not closed yet. */
  open: Corner[] = [];
  kind: AreaKind = 'include';

  constructor(
    { include, ignore }: Polygons,
    private readonly onChange: () => void,
  ) {
    for (const [kind, polygons] of Object.entries({ include, ignore })) {
      for (const corners of polygons)
        this.areas.push({ kind: kind as AreaKind, corners: corners as Corner[] });
    }
  }

  get polygons(): Polygons {
    const of = (kind: AreaKind) =>
      this.areas.filter((area) => area.kind === kind).map(({ corners }) => corners);
    return { include: of('include'), ignore: of('ignore') };
  }

  addRectangle([ax, ay]: Corner, [bx, by]: Corner): void {
    const [left, right] = [Math.min(ax, bx), Math.max(ax, bx)].map(clamp);
    const [top, bottom] = [Math.min(ay, by), Math.max(ay, by)].map(clamp);
    if (right - left < 0.005 || bottom - top < 0.005) return;
    this.add([
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ]);
  }

  addCorner([x, y]: Corner): void {
    this.open.push([clamp(x), clamp(y)]);
    this.onChange();
  }

  /** Closes the polygon that is open, where it has an area. */
  close(): void {
    const { open } = this;
    this.open = [];
    if (open.length >= 3) this.add(open);
    else this.onChange();
  }

  remove(index: number): void {
    this.areas.splice(index, 1);
    this.onChange();
  }

  setKind(kind: AreaKind): void {
    this.kind = kind;
    this.onChange();
  }

  private add(corners: Corner[]): void {
    this.areas.push({ kind: this.kind, corners });
    this.onChange();
  }
}

function clamp(value: number): number {
  return Math.min(Math.max(Math.round(value * 1e4) / 1e4, 0), 1);
}
