/** The voting members from one place in the log on. */
interface Configuration {
  /** Of the entry that states it; 0: the one that the group was set up with. */
  readonly index: number;
  readonly voters: readonly string[];
}

/**
 * Who votes, as one server knows it. A server goes by the latest configuration in its log, whether that is committed or not (thesis, section
 * 4.1): a configuration that waited until it was committed could be in force on some servers and unknown to others that
 * have the same log. An entry that is removed from the log takes its configuration with it.
 */
export class Members {
  private readonly self: string;
  private readonly initial: Configuration;
  /** By index, each later than the one before. Never empty. */
  private configurations: Configuration[];
  /** All voters but this server. */
  others: readonly string[] = [];
  /** True if this server votes. */
  votes = false;
  /** How many votes decide. */
  majority = 0;

  constructor(self: string, voters: readonly string[]) {
    this.self = self;
    this.initial = { index: 0, voters };
    this.configurations = [this.initial];
    this.goBy();
  }

  get voters(): readonly string[] {
    return this.latest.voters;
  }
  /** Where the configuration in force stands in the log. */
  get index(): number {
    return this.latest.index;
  }

  /** The voters by the log up to this index; undefined if nobody changed them. */
  changedBy(index: number): readonly string[] | undefined {
    const { index: from, voters } = this.configurations.findLast((each) => each.index <= index)!;
    return from === 0 ? undefined : voters;
  }

  append(index: number, voters: readonly string[]): void {
    this.configurations.push({ index, voters });
    this.goBy();
  }

  /** Entries from this index on were removed. */
  truncate(from: number): void {
    this.configurations = this.configurations.filter(({ index }) => index < from);
    this.goBy();
  }

  /** Begins with a snapshot of everything up to an index; the log goes on after it up to another. */
  restore(index: number, voters: readonly string[] | undefined, last: number): void {
    const base = voters === undefined ? this.initial : { index, voters };
    const later = this.configurations.filter((each) => each.index > index && each.index <= last);
    this.configurations = [base, ...later];
    this.goBy();
  }

  private get latest(): Configuration {
    return this.configurations[this.configurations.length - 1]!;
  }

  private goBy(): void {
    const { voters } = this.latest;
    this.others = voters.filter((name) => name !== this.self);
    this.votes = voters.includes(this.self);
    this.majority = Math.floor(voters.length / 2) + 1;
  }
}
