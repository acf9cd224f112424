import type { Assignable, Capture, Local } from './ast.ts';

/** The variables of one function while it is parsed: who a name means. */
export class FunctionScope {
  readonly parent: FunctionScope | null;
  readonly captures: Capture[] = [];
  private readonly captured: string[] = [];
  private readonly capturedLocals: (Local | null)[] = [];
  private active: Local[] = [];
  private slots = 0;
  isVararg = false;
  loops = 0;

  constructor(parent: FunctionScope | null) {
    this.parent = parent;
  }

  /** A new local variable, seen from here on. */
  declare(name: string): Local {
    const local = this.make(name);
    this.show(local);
    return local;
  }

  /** A local variable that is seen only once it is shown: `local x = x`. */
  make(name: string): Local {
    return { name, slot: this.slots++, captured: false };
  }

  show(local: Local): void {
    this.active.push(local);
  }

  /** What is declared in the block is not seen after it. */
  block<T>(parse: () => T): T {
    const before = this.active.length;
    const result = parse();
    this.active.length = before;
    return result;
  }

  private find(name: string): Local | undefined {
    return this.active.findLast((local) => local.name === name);
  }

  /** The index of a captured variable of an outer function, captured if need be; -1 if none has this name. */
  private upvalue(name: string): number {
    if (this.parent === null) return -1;
    const local = this.parent.find(name);
    const known = this.captured.findIndex(
      (one, at) => one === name && this.capturedLocals[at] === (local ?? null),
    );
    if (known >= 0) return known;
    let capture: Capture;
    if (local !== undefined) {
      local.captured = true;
      capture = { local };
    } else {
      const outer = this.parent.upvalue(name);
      if (outer < 0) return -1;
      capture = { upvalue: outer };
    }
    this.captured.push(name);
    this.capturedLocals.push(local ?? null);
    return this.captures.push(capture) - 1;
  }

  resolve(name: string, line: number): Assignable {
    const local = this.find(name);
    if (local !== undefined) return { type: 'local', local };
    const index = this.upvalue(name);
    return index >= 0 ? { type: 'upvalue', index, name } : { type: 'global', name, line };
  }
}
