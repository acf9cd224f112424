import type { LuaValue } from './values.ts';

/** A variable that closures share. */
export interface Cell {
  value: LuaValue;
}

/** The variables of one call. */
export class Frame {
  readonly slots: LuaValue[] = [];
  readonly cells: Cell[] = [];
  readonly upvalues: readonly Cell[];
  readonly varargs: readonly LuaValue[];
  constructor(upvalues: readonly Cell[], varargs: readonly LuaValue[]) {
    this.upvalues = upvalues;
    this.varargs = varargs;
  }
}
