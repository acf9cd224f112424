/** What system code may catch. `code` is stable; `kind` says what a client may conclude from it. */
export class HostError extends Error {
  readonly code: string;
  /** True if the request certainly had no effect: it never reached the other side. */
  readonly definite: boolean;
  constructor(code: string, message: string, definite: boolean) {
    // A time-out is an everyday event and its stack would show the world's own code: not worth its price.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = new.target.name;
    this.code = code;
    this.definite = definite;
  }
}

/** No reply within the time. Any of the six causes: the request may or may not have been carried out. */
export class RequestTimeout extends HostError {
  constructor(to: string, afterMs: number) {
    super('timeout', `no reply from ${to} within ${afterMs} ms`, false);
  }
}

/** The machine answered that no process listens there: certainly not carried out. */
export class ConnectionRefused extends HostError {
  constructor(to: string) {
    super('refused', `${to} refused: its process is not running`, true);
  }
}

/** An established connection was cut. What was sent on it may or may not have arrived. */
export class ConnectionReset extends HostError {
  constructor(peer: string) {
    super('reset', `connection to ${peer} was reset`, false);
  }
}

/** The other side's handler threw; the text is its message. */
export class RemoteError extends HostError {
  constructor(from: string, message: string) {
    super('remote', `${from}: ${message}`, false);
  }
}

/** The process listens on this port already. */
export class AddressInUse extends HostError {
  constructor(port: number) {
    super('address-in-use', `port ${port} is in use`, true);
  }
}

/** The disk has no room for the write. Nothing of it was written. */
export class DiskFull extends HostError {
  constructor(file: string, bytes: number) {
    super('disk-full', `no space left for ${bytes} bytes in ${file}`, true);
  }
}

/** The disk could not carry out the operation: a bad sector, or the disk is destroyed. */
export class DiskFailure extends HostError {
  constructor(file: string, what: string) {
    super('disk-failure', `${what}: ${file}`, false);
  }
}

/** What was to be on stable storage is not: it may be in the page cache only. The disk can be read. */
export class SyncFailure extends DiskFailure {
  constructor(file: string) {
    super(file, 'sync failed');
  }
}

/** The bytes are not a canonical encoding, or a checksum does not match. */
export class Undecodable extends HostError {
  constructor(what: string) {
    super('undecodable', what, true);
  }
}
