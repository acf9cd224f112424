/** All files of programs are called this, so that their frames are known by it. */
export const PROGRAM_FILES = '/app/';

/**
 * A stack as text: the program's own frames, and those of Node's public modules. Frames of Node's inside and of sixways depend on how a run is
 * driven, and on where it is installed.
 */
export function formatStack(error: unknown, frames: readonly NodeJS.CallSite[]): string {
  const head = headOf(error);
  const lines = frames
    .filter((frame) => {
      const file = frame.getFileName() ?? '';
      return (
        file.startsWith(PROGRAM_FILES) || (file.startsWith('node:') && !file.startsWith('node:internal/'))
      );
    })
    .map((frame) => `\n    at ${String(frame)}`);
  return head + lines.join('');
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
