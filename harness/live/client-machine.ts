import type { Machine, Server } from '../contract/index.ts';

/** The machine of a client: it has an address and knows those of the others; its code opens the sockets itself. */
export class ClientMachine implements Machine {
  readonly address: string;
  readonly folder = '';
  private readonly addresses: ReadonlyMap<string, string>;

  constructor(host: string, addresses: ReadonlyMap<string, string>) {
    this.addresses = addresses;
    this.address = this.addressOf(host);
  }

  addressOf(host: string): string {
    const address = this.addresses.get(host);
    if (address === undefined) throw new RangeError(`expected the name of a host, got ${host}`);
    return address;
  }

  writeFile(): void {
    throw serversOnly();
  }
  run(): Promise<string> {
    return Promise.reject(serversOnly());
  }
  spawn(): Server {
    throw serversOnly();
  }
}

function serversOnly(): Error {
  return new Error('a client starts no processes and writes no files: only hosts of servers do');
}
