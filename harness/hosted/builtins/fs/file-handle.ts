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

interface StreamOptions {
  readonly autoClose?: boolean;
}

const EMPTY: StreamOptions = Object.freeze({});

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

  private onFile(name: string, syscall: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.fd < 0) return this.context.Promise.reject(fsError('EBADF', syscall));
    return this.call(name, this.fd, ...parameters);
  }

  appendFile(data: unknown, options?: unknown) {
    return this.onFile('appendFile', 'write', data, options);
  }
  chmod() {
    return this.onFile('fchmod', 'fchmod');
  }
  chown() {
    return this.onFile('fchown', 'fchown');
  }
  datasync() {
    return this.onFile('fdatasync', 'fdatasync');
  }
  read(...parameters: unknown[]) {
    return this.onFile('read', 'read', ...parameters);
  }
  readFile(options?: unknown) {
    return this.onFile('readFile', 'read', options);
  }
  readv(buffers: unknown, position?: unknown) {
    return this.onFile('readv', 'read', buffers, position);
  }
  stat(options?: unknown) {
    return this.onFile('fstat', 'fstat', options);
  }
  sync() {
    return this.onFile('fsync', 'fsync');
  }
  truncate(length?: unknown) {
    return this.onFile('ftruncate', 'ftruncate', length);
  }
  utimes(accessed: unknown, modified: unknown) {
    return this.onFile('futimes', 'futime', accessed, modified);
  }
  write(...parameters: unknown[]) {
    return this.onFile('write', 'write', ...parameters);
  }
  writeFile(data: unknown, options?: unknown) {
    return this.onFile('writeFile', 'write', data, options);
  }
  writev(buffers: unknown, position?: unknown) {
    return this.onFile('writev', 'write', buffers, position);
  }

  close(): Promise<void> {
    const { fd } = this;
    if (fd < 0) return this.context.Promise.resolve();
    this.fd = -1;
    return this.call('close', fd).then(() => {
      this.emit('close');
    });
  }

  createReadStream(options: StreamOptions = EMPTY) {
    return this.lent(this.streams.createReadStream('', { ...options, fd: this.fd }), options);
  }

  createWriteStream(options: StreamOptions = EMPTY) {
    return this.lent(this.streams.createWriteStream('', { ...options, fd: this.fd }), options);
  }

  /** Unless it is told otherwise, a stream closes what it was given. */
  private lent<T extends NodeJS.EventEmitter>(stream: T, { autoClose = true }: StreamOptions): T {
    if (autoClose) {
      stream.once('close', () => {
        this.fd = -1;
        this.emit('close');
      });
    }
    return stream;
  }

  readLines(options?: StreamOptions) {
    return createInterface({ input: this.createReadStream(options), crlfDelay: Number.POSITIVE_INFINITY });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
