import fc from 'fast-check';

// Each property draws from the seed of the run, which vitest.config.ts prints.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED) });
