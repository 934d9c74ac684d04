/**
 * The mask with its gaps filled: those up to `2 * radius` pixels wide (closing by a square) and those it encloses.
 * A part that is the wrong one is wrong throughout, also where by chance it looks like the right one.
 */
export function fillGaps(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const outside = new Uint8Array(mask.length);
  const closed = erode(dilate(mask, width, height, radius), width, height, radius);
  const open: number[] = [];
  const visit = (i: number) => {
    if (closed[i] !== 0 || outside[i] !== 0) return;
    outside[i] = 1;
    open.push(i);
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < mask.length - width) visit(i + width);
  }
  return outside.map((isOutside) => (isOutside ? 0 : 255));
}

function dilate(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = along(mask, width, height, 1, width, radius);
  return along(rows, height, width, width, 1, radius);
}

function erode(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rest = mask.map((value) => 255 - value);
  return dilate(rest, width, height, radius).map((value) => 255 - value);
}

/** Greatest value within `radius` along `count` lines of `length` pixels. */
function along(
  mask: Uint8Array,
  length: number,
  count: number,
  step: number,
  stride: number,
  radius: number,
): Uint8Array {
  const result = new Uint8Array(mask.length);
  for (let line = 0; line < count; line++) {
    let last = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < length + radius; k++) {
      if (k < length && mask[line * stride + k * step] !== 0) last = k;
      const at = k - radius;
      if (at >= 0 && k - last <= 2 * radius) result[line * stride + at * step] = 255;
    }
  }
  return result;
}
