export { type EdnOptions, ednLines, writeEdn } from './edn/write.ts';
export { writeLog } from './edn/write-log.ts';
export * from './error.ts';
export { eventFault } from './event-form.ts';
export * from './history.ts';
export type { ImportOptions } from './imports/builder.ts';
export type { HistorySource } from './imports/import-reader.ts';
export {
  type AnyHistory,
  type HistoryFormat,
  openAnyHistory,
  type ReadAnyOptions,
  readAnyHistory,
  sniffFormat,
} from './imports/read-any.ts';
export { LINE_BYTES_MAX } from './line-encoder.ts';
export { readMapped } from './mapping/read-mapped.ts';
export { type Mapping, mappingSchema, parseMapping } from './mapping/schema.ts';
export * from './objectives.ts';
export * from './operation.ts';
export * from './pairs.ts';
export { HistoryReader, parseHistory, readHistory } from './reader.ts';
export {
  footerSchema,
  headerSchema,
  type JsonSchema,
  nemesisOperationSchema,
  observationSchema,
  operationSchema,
} from './schema.ts';
export { eventText } from './serialize.ts';
export { LOG_NOTE, logsAround } from './server-logs.ts';
export * from './writer.ts';
