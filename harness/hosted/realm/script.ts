import { Script } from 'node:vm';

/** The code of a program, with all that it imports, as esbuild makes it. */
export interface ProgramCode {
  /** Absolute path that it has on the simulated machine. */
  readonly file: string;
  readonly code: string;
  /** True if it awaits at its top level. */
  readonly async: boolean;
  /** True for an ECMAScript module, whose code Node runs in a microtask: what it queues comes before its ticks. */
  readonly esm: boolean;
}

const compiled = new WeakMap<ProgramCode, Script>();

/** Compiled once, however many hosts and incarnations run it. */
export function scriptOf(program: ProgramCode): Script {
  let script = compiled.get(program);
  if (script === undefined) {
    const head = `(${program.async ? 'async ' : ''}function (exports, require, module, __filename, __dirname, __provide) {`;
    script = new Script(`${head}${program.code}\n})`, { filename: program.file });
    compiled.set(program, script);
  }
  return script;
}
