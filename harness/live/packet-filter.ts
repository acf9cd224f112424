import type { PacketRule, Pairs } from '../contract/index.ts';
import { command } from './commands.ts';
import type { Layout } from './layout.ts';

/** Servers listen below the ports that the kernel hands out to clients: so requests and replies are told apart. */
const FIRST_CLIENT_PORT = 32_768;

/** Probabilities are given to the kernel in these parts. */
const PARTS = 1_000_000;

/**
 * Drops packets of the bridges by nftables: a table of its own for each fault, with a counter. A packet is met once, where it enters the switch of
 * its sender's rack; ARP passes, so that a partition cuts what hosts say and not their knowledge of the wiring.
 */
export class PacketFilter {
  private readonly layout: Layout;
  private made = 0;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** True if this kernel has what the rules need. */
  static available(): boolean {
    try {
      const rule = 'ip daddr 10.77.0.1 numgen random mod 2 < 1 counter drop';
      command(['nft', '-f', '-'], `${table('probe', rule)}delete table bridge probe\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Drops the packets on these pairs: all, or a share. @returns The rule's name. */
  add(pairs: Pairs, { loss = 1, only }: Pick<PacketRule, 'loss' | 'only'> = {}): string {
    const name = `fault${this.made++}`;
    if (pairs.length === 0) {
      command(['nft', '-f', '-'], table(name, ''));
      return name;
    }
    const ports = new Map(this.layout.ports.map((port) => [port.host, port]));
    const elements = new Set(
      pairs.map(([from, to]) => `"${ports.get(from)!.device}" . ${ports.get(to)!.address}`),
    );
    const words = [
      `iifname . ip daddr { ${[...elements].join(', ')} }`,
      ...(only === 'request' ? [`tcp dport < ${FIRST_CLIENT_PORT}`] : []),
      ...(only === 'reply' ? [`tcp sport < ${FIRST_CLIENT_PORT}`] : []),
      ...(loss < 1 ? [`numgen random mod ${PARTS} < ${Math.round(loss * PARTS)}`] : []),
      'counter drop',
    ];
    command(['nft', '-f', '-'], table(name, words.join(' ')));
    return name;
  }

  remove(name: string): void {
    command(['nft', 'delete', 'table', 'bridge', name]);
  }

  /** Packets dropped by it so far. */
  dropped(name: string): number {
    const text = command(['nft', '-j', 'list', 'table', 'bridge', name]);
    return Number(/"packets": (\d+)/.exec(text)?.[1] ?? 0);
  }
}

function table(name: string, rule: string): string {
  const chain = `chain drops { type filter hook forward priority 0; policy accept; ${rule === '' ? '' : `${rule};`} }`;
  return `table bridge ${name} { ${chain}; }\n`;
}
