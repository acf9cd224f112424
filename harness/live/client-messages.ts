import type { Completion, ObservationSink, Request } from '../contract/index.ts';

/** Lines of JSON to the process that plays a client. The first one is the briefing, these follow. */
export type ToClient =
  /** Make a new client; forget the one before and its connections. */
  { readonly make: number } | { readonly invoke: number; readonly request: Request };

/** An error as data. `code` and `definite` are those of a HostError. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly definite?: boolean;
}

/** Lines of JSON from it. */
export type FromClient =
  | { readonly ready: true }
  | { readonly done: number; readonly completion: Completion }
  | { readonly done: number; readonly thrown: ThrownError }
  | { readonly failed: ThrownError }
  | { readonly observation: Parameters<ObservationSink>[0] };

/** What it is told first, besides what the caller needs to find the system. */
export interface ClientBriefing {
  readonly host: string;
  readonly addresses: readonly (readonly [host: string, address: string])[];
}
