/** Numbers of Linux: a run is the same on every machine. */
const ERRNO: Readonly<Record<string, readonly [number: number, text: string]>> = {
  EPERM: [-1, 'operation not permitted'],
  ENOENT: [-2, 'no such file or directory'],
  EIO: [-5, 'i/o error'],
  EBADF: [-9, 'bad file descriptor'],
  EACCES: [-13, 'permission denied'],
  EBUSY: [-16, 'resource busy or locked'],
  EEXIST: [-17, 'file already exists'],
  EXDEV: [-18, 'cross-device link not permitted'],
  ENOTDIR: [-20, 'not a directory'],
  EISDIR: [-21, 'illegal operation on a directory'],
  EINVAL: [-22, 'invalid argument'],
  ENOSPC: [-28, 'no space left on device'],
  EROFS: [-30, 'read-only file system'],
  EPIPE: [-32, 'broken pipe'],
  ENOTEMPTY: [-39, 'directory not empty'],
  ENOTSUP: [-95, 'operation not supported on socket'],
  EADDRINUSE: [-98, 'address already in use'],
  EADDRNOTAVAIL: [-99, 'address not available'],
  ENETUNREACH: [-101, 'network is unreachable'],
  ECONNRESET: [-104, 'connection reset by peer'],
  ETIMEDOUT: [-110, 'connection timed out'],
  ECONNREFUSED: [-111, 'connection refused'],
  EHOSTUNREACH: [-113, 'host is unreachable'],
  ENOTFOUND: [-3008, 'unknown node or service'],
};

/** An error of a system call, as Node's callers know it. */
export interface SystemError extends Error {
  errno: number;
  code: string;
  syscall: string;
  address?: string;
  port?: number;
  hostname?: string;
  path?: string;
  dest?: string;
}

/** What Node says of an error's code in words. */
export function textOf(code: string): string {
  return ERRNO[code]?.[1] ?? 'unknown error';
}

/** `read ECONNRESET`. */
export function systemError(code: string, syscall: string, message = `${syscall} ${code}`): SystemError {
  return Object.assign(new Error(message), { errno: ERRNO[code]?.[0] ?? -4094, code, syscall });
}

/** `connect ECONNREFUSED 10.1.0.2:80`. */
export function addressError(code: string, syscall: string, address: string, port: number): SystemError {
  return Object.assign(systemError(code, syscall, `${syscall} ${code} ${address}:${port}`), {
    address,
    port,
  });
}

/** An error of Node itself: `TypeError [ERR_INVALID_ARG_TYPE]: ...`. */
export function nodeError(
  code: string,
  message: string,
  Base: typeof Error | typeof TypeError | typeof RangeError = Error,
): Error & { readonly code: string } {
  const error = Object.assign(new Base(message), { code });
  Object.defineProperty(error, 'toString', {
    value: () => `${error.name} [${code}]: ${message}`,
    enumerable: false,
    configurable: true,
    writable: true,
  });
  return error;
}
