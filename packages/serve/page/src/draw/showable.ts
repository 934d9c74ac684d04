/** Address of a picture that the browser can show: of the file, or, of a format that it does not know, decoded here. */
export async function showable(file: Blob, name: string): Promise<string> {
  if (!/tiff/.test(file.type) && !/\.tiff?$/i.test(name)) return URL.createObjectURL(file);
  const { decodeToPng } = await import('./decode-to-png.js');
  // what is no picture is shown as none; the station says what is wrong with it
  return URL.createObjectURL(await decodeToPng(file).catch(() => file));
}
