// The tests of the tensor packages on onnxruntime-node's WebGPU provider: kernels, compile, UNet and ResNet goldens, a
// training. Runs on the software Vulkan driver of Debian's chromium package, or with --gpu on the machine's own driver.
// Needs built packages. Without the driver it says so and does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = '/usr/lib/chromium';
const driver = join(folder, 'vk_swiftshader_icd.json');
const env = { ...process.env, ORT_TEST_PROVIDERS: 'webgpu', DDAD_TEST_ENGINES: 'ort-webgpu' };

if (!process.argv.includes('--gpu')) {
  if (!existsSync(driver)) {
    console.log(`test-webgpu: no ${driver} (Debian's chromium package has it)`);
    process.exit(0);
  }
  env.VK_ICD_FILENAMES = driver;
  // The Vulkan loader lies beside the driver.
  env.LD_LIBRARY_PATH = folder;
}

/** Packages, and the tests among theirs that a software driver does in seconds. */
const suites = [
  ['tfjs-backend-ort', ''],
  ['diffusion', "unet32'? equals the reference: output|trains as it does on tfjs's cpu|goes on from a run"],
  ['features', "resnet18'? equals the reference: features"],
];
for (const [name, tests] of suites) {
  const filter = tests && !process.argv.includes('--all') ? ['-t', tests] : [];
  console.log(`\ntest-webgpu: ${name}`);
  const { status, stderr } = spawnSync('npx', ['vitest', 'run', '--testTimeout', '120000', ...filter], {
    cwd: join(root, 'packages', name),
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  // Dawn's Vulkan loader complains of a missing display once per device.
  process.stderr.write(String(stderr).replace(/^error: XDG_RUNTIME_DIR is invalid.*\n/gm, ''));
  if (status !== 0) process.exit(status ?? 1);
}
