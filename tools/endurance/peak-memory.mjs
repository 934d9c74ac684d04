// Preloaded (node --import): writes the largest resident size of the process, bytes, to the file that PEAK_MEMORY names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY, `${process.resourceUsage().maxRSS * 1024}`));
