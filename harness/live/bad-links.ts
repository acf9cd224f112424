import { type ChildProcess, spawn } from 'node:child_process';
import type { PacketRule } from '../contract/index.ts';
import { ip } from './commands.ts';
import type { Layout, Port } from './layout.ts';
import { LinkControl, type LinkCounters, type LinkRule } from './link-control.ts';

/** A link that does not carry frames by then will not. Milliseconds. */
const READY_WITHIN = 5_000;
const POLL = 1;

interface BadLink {
  readonly control: LinkControl;
  readonly process: ChildProcess;
  rules: readonly LinkRule[];
}

/**
 * Links that delay, duplicate, reorder and corrupt packets, by a program of ours (`native/link.c`) between a host and its switch: it works on any kernel, with any
 * protocol, and nobody has to know. Put in where a fault is first aimed at, and left there, carrying frames as they are.
 */
export class BadLinks {
  private readonly layout: Layout;
  private readonly program: string;
  private readonly folder: string;
  private readonly links = new Map<string, BadLink>();
  private made = 0;

  /** `folder`: in memory, for what is shared with the program. */
  constructor(layout: Layout, program: string, folder: string) {
    this.layout = layout;
    this.program = program;
    this.folder = folder;
  }

  /** @returns The fault's number. */
  add({
    pairs,
    only,
    delay = 0,
    jitter = 0,
    duplicate = 0,
    reorder = 0,
    reorderBy = 0,
    corrupt = 0,
    corruptBits = 1,
  }: PacketRule): number {
    const fault = this.made++;
    const ports = new Map(this.layout.ports.map((port) => [port.host, port]));
    const rules = new Map<string, LinkRule[]>();
    const whole = { fault, delay, jitter, reorderBy, duplicate, reorder, corrupt, bits: corruptBits };
    for (const [from, to] of pairs) {
      // One link meets both directions; one that is there already is preferred.
      const inbound = rules.has(to) && !rules.has(from);
      const at = inbound ? to : from;
      const peer = ports.get(inbound ? from : to)!.address;
      const rule: LinkRule = { ...whole, inbound, peer, ...(only !== undefined && { only }) };
      rules.set(at, [...(rules.get(at) ?? []), rule]);
    }
    for (const [host, more] of rules) {
      const link = this.linkAt(ports.get(host)!);
      link.rules = [...link.rules, ...more];
      link.control.set(link.rules);
    }
    return fault;
  }

  remove(fault: number): void {
    for (const link of this.links.values()) {
      if (!link.rules.some((rule) => rule.fault === fault)) continue;
      link.rules = link.rules.filter((rule) => rule.fault !== fault);
      link.control.set(link.rules);
    }
  }

  /** What it has done so far, over all links. */
  counted(fault: number): LinkCounters {
    const sum = { delayed: 0, duplicated: 0, reordered: 0, corrupted: 0 };
    for (const { control } of this.links.values()) {
      const counters = control.counted(fault);
      sum.delayed += counters.delayed;
      sum.duplicated += counters.duplicated;
      sum.reordered += counters.reordered;
      sum.corrupted += counters.corrupted;
    }
    return sum;
  }

  private linkAt(port: Port): BadLink {
    const known = this.links.get(port.host);
    if (known !== undefined) return known;
    const { device, bridge } = port;
    const [hostEnd, switchEnd] = [`${device}h`, `${device}s`];
    // The port of the switch keeps its name: other faults know it by that.
    ip([
      `link set ${device} down`,
      `link set ${device} nomaster`,
      `link set ${device} name ${hostEnd}`,
      `link add ${switchEnd} type veth peer name ${device}`,
      `link set ${hostEnd} up`,
      `link set ${switchEnd} up`,
    ]);
    const path = `${this.folder}/link-${device}`;
    const control = new LinkControl(path);
    const words = [hostEnd, switchEnd, path, String(this.links.size + 1)];
    const process = spawn(this.program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    const until = Date.now() + READY_WITHIN;
    while (!control.ready) {
      if (Date.now() > until) throw new Error(`the link of ${port.host} does not carry frames`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL);
    }
    ip([`link set ${device} master ${bridge} up`]);
    const link = { control, process, rules: [] };
    this.links.set(port.host, link);
    return link;
  }
}
