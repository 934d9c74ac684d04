import { startEngine } from '@ddad/nn';
import { losses } from '../losses.js';

Object.assign(window, { page: { startEngine, losses } });
