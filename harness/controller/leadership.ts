import type { Json, Observation } from '../../histories/index.ts';

/**
 * Who leads, as the hosts say in notes of one kind: the host that says so, or the one that it names (`{leader: name}`); the
 * value `false` from the leader says that it no longer does. The latest word counts.
 */
export class Leadership {
  private readonly kind: string | undefined;
  private name: string | undefined;

  constructor(kind: string | undefined) {
    this.kind = kind;
  }

  get leader(): string | undefined {
    return this.name;
  }

  heard({ type, kind, host, data }: Pick<Observation, 'type' | 'kind' | 'host' | 'data'>): void {
    if (this.kind === undefined || type !== 'note' || kind !== this.kind) return;
    if (data === false) {
      if (this.name === host) this.name = undefined;
    } else this.name = namedIn(data) ?? host;
  }
}

function namedIn(data: Json): string | undefined {
  if (data === null || typeof data !== 'object' || !('leader' in data)) return undefined;
  return typeof data.leader === 'string' ? data.leader : undefined;
}
