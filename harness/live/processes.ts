import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * Processes of one network namespace, whoever started them and whatever groups and sessions they made for themselves. Looked up
 * afresh each time: servers fork.
 */
export class Processes {
  private readonly inode: string;

  constructor(namespace: string) {
    this.inode = `net:[${statSync(`/run/netns/${namespace}`).ino}]`;
  }

  /** Process numbers, ascending. Those that have ended and only wait to be noticed are not among them. */
  list(): number[] {
    const own = process.pid;
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== own && this.isHere(pid))
      .sort((a, b) => a - b);
  }

  /** Sends the signal to all of them, until no new one appears. @returns How many it was sent to. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const reached = new Set<number>();
    for (let fresh = this.list(); fresh.length > 0; fresh = this.list().filter((pid) => !reached.has(pid))) {
      for (const pid of fresh) {
        reached.add(pid);
        try {
          process.kill(pid, signal);
        } catch {
          // Has ended meanwhile.
        }
      }
    }
    return reached.size;
  }

  /** How many are stopped, as the kernel says. */
  stopped(): number {
    return this.list().filter((pid) => statOf(pid)?.state === 'T').length;
  }

  /** Ticks of CPU (hundredths of a second) that those alive have used. */
  ticks(): number {
    return this.list().reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0);
  }

  private isHere(pid: number): boolean {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === this.inode;
    } catch {
      return false;
    }
  }
}

function statOf(pid: number): { readonly state: string; readonly ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the command may contain anything; what follows its last bracket is regular.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
