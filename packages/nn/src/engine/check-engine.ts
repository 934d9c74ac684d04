import { EngineError } from './engine-error.js';
import type { NamedEngine } from './engine-names.js';
import { engines } from './engines.js';
import { probeSpeed } from './probe-speed.js';
import { startEngine } from './start-engine.js';
import { verifyConvolution, verifyGradients } from './verify-engine.js';

/** An engine and whether it works on this machine. */
export interface EngineStatus {
  name: NamedEngine;
  /** Its packages are there. */
  installed: boolean;
  /** It starts, and a tiny convolution and its gradients come out right. */
  works: boolean;
  /** `works`, or why not. */
  status: string;
  /** What to do, where it does not work. */
  remedy?: string;
  /** What it computes on, where it starts. */
  device?: string;
  /** Speed in GFLOP/s of 3x3 convolutions of 64 channels in float32, where it starts. */
  gflops?: number;
}

/** Starts an engine in this process, compares its results with known values and measures its speed. */
export async function checkEngine(name: NamedEngine): Promise<EngineStatus> {
  const { device, remedy } = engines[name];
  try {
    await startEngine({ engine: name });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return {
      name,
      installed: error.installed,
      works: false,
      status: error.reason,
      remedy: error.remedy,
    };
  }
  const status = { name, installed: true, device: await device() };
  try {
    await verifyConvolution();
  } catch (error) {
    return {
      ...status,
      works: false,
      status: `engine ${name} computes wrongly: ${firstLine(error)}`,
      remedy,
    };
  }
  const gflops = await probeSpeed();
  try {
    await verifyGradients();
  } catch (error) {
    return {
      ...status,
      gflops,
      works: false,
      status: `engine ${name} cannot train: ${firstLine(error)}`,
      remedy: 'take it for detection only, and train on ort',
    };
  }
  return { ...status, gflops, works: true, status: 'works' };
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0];
}
