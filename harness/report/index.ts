export * from './campaign.ts';
export { type At, comparisonsAsCsv } from './comparison/csv.ts';
export { comparisonAsMarkdown } from './comparison/markdown.ts';
export { describeSweep } from './comparison/sweep.ts';
export { describeComparison } from './comparison/terminal.ts';
export { annotate } from './github.ts';
export * from './junit.ts';
export * from './schedule.ts';
export * from './summary.ts';
