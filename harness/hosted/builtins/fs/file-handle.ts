import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { BuiltinContext } from '../context.ts';
import { fsError } from './failures.ts';

/** The calls by promise that take a descriptor. */
export type DescriptorCalls = (name: string, ...parameters: unknown[]) => Promise<unknown>;

interface Streams {
  createReadStream(path: unknown, options?: unknown): NodeJS.ReadableStream;
  createWriteStream(path: unknown, options?: unknown): NodeJS.WritableStream;
}

const EMPTY = Object.freeze({});

/** `FileHandle` of `fs.promises`. */
export class FileHandle extends EventEmitter {
  fd: number;
  private readonly call: DescriptorCalls;
  private readonly streams: Streams;
  private readonly context: BuiltinContext;

  constructor(context: BuiltinContext, fd: number, call: DescriptorCalls, streams: Streams) {
    super();
    this.context = context;
    this.fd = fd;
    this.call = call;
    this.streams = streams;
  }

  private on1(name: string, syscall: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.fd < 0) return this.context.Promise.reject(fsError('EBADF', syscall));
    return this.call(name, this.fd, ...parameters);
  }

  appendFile(data: unknown, options?: unknown) {
    return this.on1('appendFile', 'write', data, options);
  }
  chmod() {
    return this.on1('fchmod', 'fchmod');
  }
  chown() {
    return this.on1('fchown', 'fchown');
  }
  datasync() {
    return this.on1('fdatasync', 'fdatasync');
  }
  read(...parameters: unknown[]) {
    return this.on1('read', 'read', ...parameters);
  }
  readFile(options?: unknown) {
    return this.on1('readFile', 'read', options);
  }
  readv(buffers: unknown, position?: unknown) {
    return this.on1('readv', 'read', buffers, position);
  }
  stat(options?: unknown) {
    return this.on1('fstat', 'fstat', options);
  }
  sync() {
    return this.on1('fsync', 'fsync');
  }
  truncate(length?: unknown) {
    return this.on1('ftruncate', 'ftruncate', length);
  }
  utimes(accessed: unknown, modified: unknown) {
    return this.on1('futimes', 'futime', accessed, modified);
  }
  write(...parameters: unknown[]) {
    return this.on1('write', 'write', ...parameters);
  }
  writeFile(data: unknown, options?: unknown) {
    return this.on1('writeFile', 'write', data, options);
  }
  writev(buffers: unknown, position?: unknown) {
    return this.on1('writev', 'write', buffers, position);
  }

  close(): Promise<void> {
    const { fd } = this;
    if (fd < 0) return this.context.Promise.resolve();
    this.fd = -1;
    return this.call('close', fd).then(() => {
      this.emit('close');
    });
  }

  createReadStream(options: object = EMPTY) {
    return this.streams.createReadStream('', { autoClose: true, ...options, fd: this.fd });
  }

  createWriteStream(options: object = EMPTY) {
    return this.streams.createWriteStream('', { autoClose: true, ...options, fd: this.fd });
  }

  readLines(options?: object) {
    return createInterface({ input: this.createReadStream(options), crlfDelay: Number.POSITIVE_INFINITY });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
