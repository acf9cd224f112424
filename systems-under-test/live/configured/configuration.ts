import type { Claims, Client, Host, Json, Nanos, Setting } from '../../../harness/contract/index.ts';

/** A server of the user's own, as its file describes it (`schema.ts`), with durations in nanoseconds and defaults filled in. Texts may hold placeholders. */
export interface Configuration {
  readonly name: string;
  /** Absolute path of the folder in which the file is. */
  readonly here: string;
  readonly servers: number;
  readonly command: readonly string[];
  /** Files of each host's folder: text, or its lines. */
  readonly files: { readonly [name: string]: string | readonly string[] };
  readonly environment: { readonly [name: string]: string };
  readonly user?: string;
  /** What is different on the first server. */
  readonly first: Partial<Pick<Configuration, 'command' | 'files' | 'environment'>>;
  /** Further placeholders: a text for each server, joined. */
  readonly lists: { readonly [name: string]: { readonly each: string; readonly join: string } };
  readonly ready: { readonly line?: string; readonly answers?: string; readonly within: Nanos };
  /** A line (regular expression) by which a server says that it leads. */
  readonly leader?: string;
  readonly client: {
    readonly http?: { readonly [f: string]: HttpRequest };
    readonly resp?: { readonly port: number; readonly commands: { readonly [f: string]: readonly string[] } };
    readonly module?: string;
  };
  /** Whom clients ask: each its own server and the next one after an operation that did not succeed, or always the first. */
  readonly ask: 'any' | 'first';
  readonly timeout: Nanos;
  readonly claims: Claims;
  readonly tolerates?: readonly string[];
  readonly workload?: { readonly name: string; readonly options?: Json };
  readonly checkers?: readonly { readonly name: string; readonly options?: Json }[];
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly headers: { readonly [name: string]: string };
  /** Statuses that say that nothing was done, beside those from 400 to 499. */
  readonly refused: readonly number[];
}

/** What a module of the user's own exports as its client. */
export interface ClientModule {
  readonly default: (host: Host, setting: Setting) => Client;
  /** Operations that it understands; read and write if absent. */
  readonly operations?: readonly string[];
}
