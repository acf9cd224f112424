import { connect, type Socket } from 'node:net';
import { MILLISECOND, type Nanos } from '../../../harness/contract/index.ts';

export const CACHE_PORT = 11211;

/** What the server answers to a get: one value, or none. */
const FOUND = /^(?:VALUE \S+ \d+ \d+\r\n([^\r]*)\r\n)?END\r\n/;

/**
 * A connection to memcached by its text protocol (protocol.txt: get, set, delete), one command at a time. Opened when it is needed; closed by whatever goes wrong,
 * so that no late reply is taken for that of the next command.
 */
export class CacheConnection {
  private readonly address: string;
  private readonly milliseconds: number;
  private socket: Socket | undefined;

  constructor(address: string, timeout: Nanos) {
    this.address = address;
    this.milliseconds = timeout / MILLISECOND;
  }

  /** Undefined for no entry. @throws Error when the cache does not answer in time. */
  async get(key: string): Promise<string | undefined> {
    return (await this.ask(`get ${key}\r\n`, FOUND))[1];
  }

  /** `ttl` in seconds; 0: for ever. The value is one line. @throws Error */
  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.ask(`set ${key} 0 ${ttl} ${Buffer.byteLength(value)}\r\n${value}\r\n`, /^STORED\r\n/);
  }

  /** @throws Error */
  async delete(key: string): Promise<void> {
    await this.ask(`delete ${key}\r\n`, /^(DELETED|NOT_FOUND)\r\n/);
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async ask(command: string, expected: RegExp): Promise<RegExpExecArray> {
    try {
      return await this.exchange(command, expected);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private exchange(command: string, expected: RegExp): Promise<RegExpExecArray> {
    this.socket ??= connect({ host: this.address, port: CACHE_PORT, noDelay: true });
    const socket = this.socket.setEncoding('utf8').removeAllListeners();
    return new Promise((resolve, reject) => {
      let reply = '';
      const timer = setTimeout(() => reject(new Error('timeout')), this.milliseconds);
      const done = (end: () => void): void => {
        clearTimeout(timer);
        end();
      };
      socket.on('error', (error) => done(() => reject(error)));
      socket.on('close', () => done(() => reject(new Error('the cache closed the connection'))));
      socket.on('data', (text: string) => {
        reply += text;
        const match = expected.exec(reply);
        if (match !== null) done(() => resolve(match));
        else if (/^(ERROR|CLIENT_ERROR|SERVER_ERROR).*\r\n/.test(reply))
          done(() => reject(new Error(reply.trim())));
      });
      socket.write(command);
    });
  }
}
