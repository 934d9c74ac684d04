import { engineProjects } from '@ddad/testing';
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { projects: engineProjects() } });
