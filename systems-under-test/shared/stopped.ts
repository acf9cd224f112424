import type { Host, HostError } from '../../harness/contract/index.ts';

/** Ends the process. Nothing that waits for the result goes on. */
export function stopped(host: Pick<Host, 'exit'>, { message }: HostError): Promise<never> {
  host.exit(message);
  return new Promise(() => {});
}
