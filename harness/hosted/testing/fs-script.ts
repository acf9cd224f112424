import type fs from 'node:fs';

/** What a script is given: the `fs` of the real Node or of a simulated host, and an empty folder. */
export interface Stage {
  readonly fs: typeof fs;
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** An error as a program sees it, without the folder's name. */
function described(error: unknown, folder: string): string {
  const { name, message, code, errno, syscall, path, dest } = error as NodeJS.ErrnoException & {
    dest?: string;
  };
  const text = JSON.stringify({ name, message, code, errno, syscall, path, dest });
  return text.replaceAll(folder, '@');
}

/** Says what came out of a call, whichever way. */
async function attempt({ say, folder }: Stage, what: string, call: () => unknown): Promise<unknown> {
  try {
    const value = await call();
    const shown =
      typeof value === 'string' || value instanceof Uint8Array ? `${value}` : JSON.stringify(value);
    say(`${what}: ${shown?.replaceAll(folder, '@')}`);
    return value;
  } catch (error) {
    say(`${what}: ${described(error, folder)}`);
    return undefined;
  }
}

/** Every call whose outcome does not depend on the machine: contents, kinds, errors. */
export async function script(stage: Stage): Promise<void> {
  const { fs: real, folder } = stage;
  const at = (name: string): string => `${folder}/${name}`;
  const run = (what: string, call: () => unknown): Promise<unknown> => attempt(stage, what, call);
  await filesWhole(run, real, at);
  await descriptors(run, real, at);
  await folders(run, real, at);
  await mistakes(run, real, at);
  await byPromise(run, real, at);
  await streams(run, real, at);
}

type Run = (what: string, call: () => unknown) => Promise<unknown>;
type At = (name: string) => string;

async function filesWhole(run: Run, real: typeof fs, at: At): Promise<void> {
  await run('write', () => real.writeFileSync(at('a'), 'hello'));
  await run('read', () => real.readFileSync(at('a'), 'utf8'));
  await run('read bytes', () => real.readFileSync(at('a')));
  await run('append', () => real.appendFileSync(at('a'), ' world'));
  await run('append a new one', () => real.appendFileSync(at('new'), Buffer.from('x')));
  await run('read hex', () => real.readFileSync(at('a'), { encoding: 'hex' }));
  await run('overwrite', () => real.writeFileSync(at('a'), 'bye', { flag: 'w' }));
  await run('read again', () => real.readFileSync(at('a'), 'utf8'));
  await run('exclusive', () => real.writeFileSync(at('a'), 'x', { flag: 'wx' }));
  await run('in place', () => real.writeFileSync(at('a'), 'B', { flag: 'r+' }));
  await run('read in place', () => real.readFileSync(at('a'), 'utf8'));
  await run('missing', () => real.readFileSync(at('none')));
  await run('missing folder', () => real.writeFileSync(at('none/x'), 'x'));
  await run('below a file', () => real.writeFileSync(at('a/x'), 'x'));
  await run('far below a file', () => real.readFileSync(at('a/x/y')));
  await run('a folder', () => real.readFileSync(at('')));
  await run('write a folder', () => real.writeFileSync(at(''), 'x'));
  await run('exists', () => [real.existsSync(at('a')), real.existsSync(at('none')), real.existsSync(at(''))]);
  await run('copy', () => real.copyFileSync(at('a'), at('b')));
  await run('copy exclusive', () => real.copyFileSync(at('a'), at('b'), real.constants.COPYFILE_EXCL));
  await run('copy nothing', () => real.copyFileSync(at('none'), at('c')));
  await run('truncate', () => real.truncateSync(at('b'), 2));
  await run('lengthen', () => real.truncateSync(at('b'), 4));
  await run('read lengthened', () => real.readFileSync(at('b')).toString('hex'));
  await run('rename', () => real.renameSync(at('b'), at('c')));
  await run('rename over', () => real.renameSync(at('c'), at('a')));
  await run('rename nothing', () => real.renameSync(at('none'), at('c')));
  await run('rename into nothing', () => real.renameSync(at('a'), at('none/c')));
  await run('read renamed', () => real.readFileSync(at('a')).toString('hex'));
  await run('unlink', () => real.unlinkSync(at('a')));
  await run('unlink again', () => real.unlinkSync(at('a')));
  await run('unlink a folder', () => real.rmdirSync(at('new')));
  await run('access', () => real.accessSync(at('new'), real.constants.R_OK | real.constants.W_OK));
  await run('access nothing', () => real.accessSync(at('none')));
  await run('readlink', () => real.readlinkSync(at('new')));
}

async function descriptors(run: Run, real: typeof fs, at: At): Promise<void> {
  const fd = real.openSync(at('d'), 'w+');
  await run('write text', () => real.writeSync(fd, 'abcdef'));
  await run('write text at', () => real.writeSync(fd, 'X', 1));
  await run('write part', () => real.writeSync(fd, Buffer.from('0123456789'), 2, 3));
  await run('write at', () => real.writeSync(fd, Buffer.from('!'), 0, 1, 12));
  await run('all of it', () => real.readFileSync(at('d')).toString('hex'));
  const buffer = Buffer.alloc(8);
  await run('read at', () => [real.readSync(fd, buffer, 0, 4, 1), buffer.toString('latin1')]);
  await run('read on', () => [real.readSync(fd, buffer), buffer.toString('latin1')]);
  await run('read at the end', () => real.readSync(fd, buffer, { position: 100 }));
  await run('fstat', () => [real.fstatSync(fd).size, real.fstatSync(fd).isFile()]);
  await run('ftruncate', () => real.ftruncateSync(fd, 3));
  await run('fsync', () => [real.fsyncSync(fd), real.fdatasyncSync(fd)]);
  await run('writev', () => real.writevSync(fd, [Buffer.from('one'), Buffer.from('two')], 0));
  await run('readv', () => real.readvSync(fd, [buffer.subarray(0, 2), buffer.subarray(2, 4)], 0));
  await run('renamed while open', () => [
    real.renameSync(at('d'), at('e')),
    real.writeSync(fd, 'N', 0),
    real.readFileSync(at('e'), 'utf8'),
  ]);
  await run('removed while open', () => [real.unlinkSync(at('e')), real.readSync(fd, buffer, 0, 8, 0)]);
  await run('close', () => real.closeSync(fd));
  await run('close again', () => real.closeSync(fd));
  await run('read closed', () => real.readSync(fd, buffer));
  await run('fstat closed', () => real.fstatSync(fd));
  const appending = real.openSync(at('log'), 'a');
  await run('append', () => [real.writeSync(appending, 'one '), real.writeSync(appending, 'two', 0)]);
  await run('read what only writes', () => real.readSync(appending, buffer));
  await run('by descriptor', () => real.appendFileSync(appending, ' three'));
  real.closeSync(appending);
  await run('appended', () => real.readFileSync(at('log'), 'utf8'));
  const reading = real.openSync(at('log'), 'r');
  await run('write what only reads', () => real.writeSync(reading, 'x'));
  await run('whole by descriptor', () => [
    real.readFileSync(reading, 'utf8'),
    real.readFileSync(reading, 'utf8'),
  ]);
  await run('truncate what only reads', () => real.ftruncateSync(reading, 0));
  real.closeSync(reading);
  await run('open nothing', () => real.openSync(at('none'), 'r+'));
  await run('open exclusive', () => real.openSync(at('log'), 'ax'));
  await run('open a folder to write', () => real.openSync(at(''), 'w'));
  await run('out of range', () => real.readSync(0, buffer, 9, 1, null));
}

async function folders(run: Run, real: typeof fs, at: At): Promise<void> {
  await run('mkdir', () => real.mkdirSync(at('f')));
  await run('mkdir again', () => real.mkdirSync(at('f')));
  await run('mkdir recursive again', () => real.mkdirSync(at('f'), { recursive: true }));
  await run('mkdir deep', () => real.mkdirSync(at('f/g/h')));
  await run('mkdir recursive', () => real.mkdirSync(at('f/g/h'), { recursive: true }));
  await run('mkdir on a file', () => real.mkdirSync(at('log')));
  await run('mkdir below a file', () => real.mkdirSync(at('log/x'), { recursive: true }));
  real.writeFileSync(at('f/one'), '1');
  real.writeFileSync(at('f/g/two'), '2');
  await run('readdir', () => real.readdirSync(at('f')));
  await run('readdir with types', () =>
    real
      .readdirSync(at('f'), { withFileTypes: true })
      .map((entry) => [entry.name, entry.isFile(), entry.isDirectory()]),
  );
  await run('readdir recursive', () => (real.readdirSync(at('f'), { recursive: true }) as string[]).sort());
  await run('readdir a file', () => real.readdirSync(at('f/one')));
  await run('readdir nothing', () => real.readdirSync(at('none')));
  await run('opendir', () => {
    const dir = real.opendirSync(at('f'));
    const names: string[] = [];
    for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) names.push(entry.name);
    dir.closeSync();
    return names.sort();
  });
  await run('stat', () => [real.statSync(at('f')).isDirectory(), real.statSync(at('f/one')).size]);
  await run('bigint', () => typeof real.statSync(at('f/one'), { bigint: true }).size);
  await run('stat nothing', () => real.statSync(at('none')));
  await run('lstat nothing', () => real.lstatSync(at('none')));
  await run('stat undefined', () => real.statSync(at('none'), { throwIfNoEntry: false }) === undefined);
  await run('stat below a file', () => real.statSync(at('log/x')));
  await run('realpath', () => real.realpathSync(at('f/g/../one')));
  await run('rmdir full', () => real.rmdirSync(at('f')));
  await run('rmdir nothing', () => real.rmdirSync(at('none')));
  await run('rmdir a file', () => real.rmdirSync(at('log')));
  await run('rmdir', () => real.rmdirSync(at('f/g/h')));
  await run('rename a folder', () => real.renameSync(at('f/g'), at('k')));
  await run('what was in it', () => [real.readdirSync(at('k')), real.readFileSync(at('k/two'), 'utf8')]);
  await run('rename into itself', () => real.renameSync(at('k'), at('k/l')));
  await run('rename a file to a folder', () => real.renameSync(at('log'), at('k')));
  await run('rename a folder to a file', () => real.renameSync(at('k'), at('log')));
  await run('cp', () => real.cpSync(at('k'), at('m'), { recursive: true }));
  await run('copied', () => real.readdirSync(at('m')));
  await run('rm a folder', () => real.rmSync(at('m')));
  await run('rm recursive', () => real.rmSync(at('m'), { recursive: true }));
  await run('rm nothing', () => real.rmSync(at('m')));
  await run('rm force', () => real.rmSync(at('m'), { force: true }));
  await run('mkdtemp', () => {
    const made = real.mkdtempSync(at('tmp-'));
    return [made.length - at('').length, real.statSync(made).isDirectory(), real.rmdirSync(made)];
  });
  await run('utimes', () => {
    real.utimesSync(at('log'), 1000, new Date(2_000_000));
    const { atimeMs, mtimeMs } = real.statSync(at('log'));
    return [atimeMs, mtimeMs];
  });
}

async function mistakes(run: Run, real: typeof fs, at: At): Promise<void> {
  await run('a path that is none', () => real.readFileSync({} as never));
  await run('undefined', () => real.statSync(undefined as never));
  await run('null bytes', () => real.readFileSync('a\0b'));
  await run('data that is none', () => real.writeFileSync(at('x'), 5 as never));
  await run('flags that are none', () => real.openSync(at('x'), 'q'));
  await run('no callback', () => real.readFile(at('x'), undefined as never));
  await run('a descriptor that is none', () => real.fsyncSync('x' as never));
  await run('copy from nowhere', () => real.copyFileSync(undefined as never, at('x')));
}

async function byPromise(run: Run, { promises, ...real }: typeof fs, at: At): Promise<void> {
  await run('p write', () => promises.writeFile(at('p'), 'promised'));
  await run('p read', () => promises.readFile(at('p'), 'utf8'));
  await run('p missing', () => promises.readFile(at('none')));
  await run('p append', () => promises.appendFile(at('p'), '!'));
  await run('p stat', async () => (await promises.stat(at('p'))).size);
  await run('p rename', () => promises.rename(at('p'), at('q')));
  await run('p copy', () => promises.copyFile(at('q'), at('r')));
  await run('p mkdir', () => promises.mkdir(at('s/t'), { recursive: true }));
  await run('p readdir', async () => (await promises.readdir(at('s'))).sort());
  await run('p access', () => promises.access(at('none')));
  await run('p rm', () => promises.rm(at('s'), { recursive: true }));
  await run('p unlink', () => promises.unlink(at('r')));
  await run('p a path that is none', () => promises.readFile({} as never));
  await run('p handle', async () => {
    const handle = await promises.open(at('h'), 'w+');
    const wrote = await handle.write('handled');
    await handle.sync();
    await handle.datasync();
    const read = await handle.read(Buffer.alloc(4), 0, 4, 2);
    const { size } = await handle.stat();
    await handle.truncate(3);
    await handle.appendFile('+');
    await handle.close();
    return [
      wrote.bytesWritten,
      read.bytesRead,
      read.buffer.toString(),
      size,
      await promises.readFile(at('h'), 'utf8'),
    ];
  });
  await run('p open nothing', () => promises.open(at('none')));
  await run('p lines', async () => {
    await promises.writeFile(at('lines'), 'one\ntwo\nthree');
    const lines: string[] = [];
    for await (const line of (await promises.open(at('lines'))).readLines()) lines.push(line);
    return lines;
  });
  await run('p handle after its stream', async () => {
    const handle = await promises.open(at('lines'));
    for await (const _part of handle.createReadStream());
    await handle.close();
    return handle.fd;
  });
  await run('p opendir', async () => {
    const names: string[] = [];
    await promises.mkdir(at('dir'));
    await promises.writeFile(at('dir/x'), '');
    for await (const { name } of await promises.opendir(at('dir'))) names.push(name);
    return names;
  });
  await run('callback', () => called((done) => real.readFile(at('q'), 'utf8', done)));
  await run('callback missing', () => called((done) => real.readFile(at('none'), done)));
  await run(
    'callback stat',
    async () => ((await called((done) => real.stat(at('q'), done))) as fs.Stats).size,
  );
  await run('callback exists', () => new Promise((resolve) => real.exists(at('q'), resolve)));
  await run('callback write', async () => {
    const fd = (await called((done) => real.open(at('cb'), 'w', done))) as number;
    const wrote = await new Promise((resolve) =>
      real.write(fd, 'text', (error, count, text) => resolve([error, count, text])),
    );
    await called((done) => real.fsync(fd, done as never));
    await called((done) => real.close(fd, done as never));
    return [wrote, real.readFileSync(at('cb'), 'utf8')];
  });
}

function called(call: (done: (error: unknown, value?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));
}

async function streams(run: Run, real: typeof fs, at: At): Promise<void> {
  await run('write stream', async () => {
    const stream = real.createWriteStream(at('stream'), { flush: true } as object);
    const events: string[] = [];
    for (const event of ['open', 'ready', 'finish', 'close']) stream.on(event, () => events.push(event));
    stream.write('first,');
    stream.write(Buffer.from('second,'));
    stream.end('last');
    await new Promise((resolve) => stream.on('close', () => resolve(0)));
    return [events, stream.bytesWritten, real.readFileSync(at('stream'), 'utf8')];
  });
  await run('read stream', async () => {
    const stream = real.createReadStream(at('stream'), {
      encoding: 'utf8',
      start: 2,
      end: 11,
      highWaterMark: 4,
    });
    const chunks: unknown[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return [chunks, stream.bytesRead];
  });
  await run('append stream', async () => {
    const stream = real.createWriteStream(at('stream'), { flags: 'a' });
    stream.end('+');
    await new Promise((resolve) => stream.on('close', () => resolve(0)));
    return real.readFileSync(at('stream'), 'utf8');
  });
  await run('stream of nothing', () => {
    const stream = real.createReadStream(at('none'));
    return new Promise((_resolve, reject) => stream.on('error', reject));
  });
}
