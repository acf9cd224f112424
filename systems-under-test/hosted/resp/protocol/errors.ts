/** A command's failure: thrown by its handler, answered as an error with this text. */
export class CommandError extends Error {}

const error = (text: string): (() => CommandError) => {
  return () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const made = new CommandError(text);
    Error.stackTraceLimit = limit;
    return made;
  };
};

/** With a text of one's own, code included. */
export const failure = (text: string): CommandError => error(text)();

export const wrongType = error('WRONGTYPE Operation against a key holding the wrong kind of value');
export const syntaxError = error('ERR syntax error');
export const notInteger = error('ERR value is not an integer or out of range');
export const notFloat = error('ERR value is not a valid float');
export const noSuchKey = error('ERR no such key');
export const outOfRange = error('ERR index out of range');
export const overflow = error('ERR increment or decrement would overflow');
export const notPositive = error('ERR value is out of range, must be positive');

export const wrongArity = (name: string): CommandError =>
  failure(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
export const unknownSubcommand = (container: string, word: string): CommandError =>
  failure(`ERR unknown subcommand '${word.slice(0, 128)}'. Try ${container.toUpperCase()} HELP.`);
export const invalidExpire = (name: string): CommandError =>
  failure(`ERR invalid expire time in '${name.toLowerCase()}' command`);
