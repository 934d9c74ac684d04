const coefficients = [
  [0.0002189403691192265, 0.001651004631001012, -0.01948089843709184],
  [0.1065134194856116, 0.5639564367884091, 3.932712388889277],
  [11.60249308247187, -3.972853965665698, -15.9423941062914],
  [-41.70399613139459, 17.43639888205313, 44.35414519872813],
  [77.162935699427, -33.40235894210092, -81.80730925738993],
  [-71.31942824499214, 32.62606426397723, 73.20951985803202],
  [25.13112622477341, -12.24266895238567, -23.07032500287172],
];

/**
 * 256 colours of the inferno colour map (Nathaniel Smith and Stefan van der Walt, 2015): black, purple, orange,
 * pale yellow. Lightness rises steadily, so it reads in gray and with any colour vision. Computed from Matt
 * Zucker's polynomial fit of degree 6; r, g, b of entry i are at 3 i.
 */
export const palette: Uint8Array = computePalette();

function computePalette(): Uint8Array {
  const colors = new Uint8Array(3 * 256);
  for (let i = 0; i < colors.length; i++) {
    const t = Math.floor(i / 3) / 255;
    const value = coefficients.reduceRight((sum, c) => sum * t + c[i % 3], 0);
    colors[i] = Math.round(255 * Math.min(Math.max(value, 0), 1));
  }
  return colors;
}
