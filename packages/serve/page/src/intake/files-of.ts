/** A file, and where it lay in what was dropped. */
export interface GivenFile {
  file: File;
  name: string;
}

const pictures = /\.(png|jpe?g|bmp|tiff?|webp)$/i;

/** The pictures of a file input, those in folders by their path. */
export function chosenFiles(files: Iterable<File>): GivenFile[] {
  return sorted(Array.from(files, (file) => ({ file, name: file.webkitRelativePath || file.name })));
}

/** The pictures that were dropped, those of folders and below too. */
export async function droppedFiles(items: DataTransferItemList): Promise<GivenFile[]> {
  // the list is empty after the first pause
  const dropped = Array.from(items, (item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: GivenFile[] = [];
  for (const each of dropped) {
    if (each instanceof File) found.push({ file: each, name: each.name });
    else if (each) await walk(each, found);
  }
  return sorted(found);
}

async function walk(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, name: entry.fullPath.replace(/^\//, '') });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // a hundred at a time
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const each of some) await walk(each, found);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function sorted(files: GivenFile[]): GivenFile[] {
  return files
    .filter(({ file, name }) => file.type.startsWith('image/') || pictures.test(name))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
