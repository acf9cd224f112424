/*
 * A disk that forgets what was not synced, for one host: preloaded into its servers. With each sync the file is copied, as it is then, to where the harness keeps what is on stable storage
 * (SIXWAYS_STABLE, a file for each inode); when the power fails, the harness makes the files what stable storage says. Syncs can be made slow, or fail. The page in SIXWAYS_DISK is shared with
 * the harness. A program that is linked statically does not notice; writes that are durable in a way that cannot be followed from here are counted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Little-endian. `device` of the host's files; `delay` of each sync, nanoseconds; `failing`: syncs fail. The rest counts. */
struct page { uint64_t device, delay, failing, syncs, slowed, failed, unfollowed; };

enum { PIECE = 65536 };

static volatile struct page *page;
static const char *stable, *folder;

#define COUNT(what) __atomic_fetch_add(&page->what, 1, __ATOMIC_RELAXED)
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void open_page(void) {
  const char *path = getenv("SIXWAYS_DISK");
  const char *where = getenv("SIXWAYS_STABLE"), *files = getenv("SIXWAYS_FOLDER");
  int file = path == NULL || where == NULL || files == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  /* Servers that show their state in the list of processes write it over their environment. */
  stable = strdup(where), folder = strdup(files);
  void *memory = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) page = memory;
}

static int of_host(int file, struct stat *status) {
  return page != NULL && fstat(file, status) == 0 && S_ISREG(status->st_mode) && status->st_dev == page->device;
}

/* Copies what differs. Whoever syncs the same file at the same time waits. */
static int copy(int from, int to, off_t size) {
  char *here = malloc(2 * PIECE), *there = here + PIECE;
  int result = here == NULL ? -1 : 0;
  for (off_t at = 0; result == 0 && at < size; at += PIECE) {
    ssize_t got = pread(from, here, PIECE, at);
    if (got < 0) result = -1;
    else if (pread(to, there, PIECE, at) != got || memcmp(here, there, got) != 0)
      result = pwrite(to, here, got, at) == got ? 0 : -1;
  }
  free(here);
  return result == 0 ? ftruncate(to, size) : -1;
}

static int keep(int file) {
  struct stat status;
  char path[512], own[64];
  if (!of_host(file, &status)) return 0;
  snprintf(path, sizeof path, "%s/%llu", stable, (unsigned long long)status.st_ino);
  int to = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (to < 0) return -1;
  fchmod(to, 0666);
  flock(to, LOCK_EX);
  /* Opened anew only where it must be: to close it would release the locks that the program holds on it. */
  snprintf(own, sizeof own, "/proc/self/fd/%d", file);
  int from = (fcntl(file, F_GETFL) & O_ACCMODE) == O_WRONLY ? open(own, O_RDONLY | O_CLOEXEC) : file;
  int result = from < 0 || fstat(file, &status) != 0 ? -1 : copy(from, to, status.st_size);
  if (from != file && from >= 0) close(from);
  close(to);
  return result;
}

static int before_sync(void) {
  COUNT(syncs);
  if (page->delay > 0) {
    struct timespec time = {page->delay / 1000000000, page->delay % 1000000000};
    COUNT(slowed);
    while (nanosleep(&time, &time) != 0 && errno == EINTR);
  }
  if (page->failing == 0) return 0;
  COUNT(failed);
  errno = EIO;
  return -1;
}

static int synced(int file, int (*real)(int)) {
  struct stat status;
  if (of_host(file, &status)) {
    int saved = errno;
    if (before_sync() != 0) return -1;
    if (keep(file) != 0) COUNT(unfollowed);
    errno = saved;
  }
  return real(file);
}

int fsync(int file) { return synced(file, REAL(fsync)); }
int fdatasync(int file) { return synced(file, REAL(fdatasync)); }

static int keep_path(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)place;
  if (kind != FTW_F) return 0;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return 0;
  if (keep(file) != 0) COUNT(unfollowed);
  close(file);
  return 0;
}

static void keep_all(void) {
  if (page == NULL || before_sync() != 0) return;
  nftw(folder, keep_path, 16, FTW_PHYS);
}

int syncfs(int file) {
  keep_all();
  return REAL(syncfs)(file);
}
void sync(void) {
  keep_all();
  REAL(sync)();
}

int msync(void *address, size_t length, int flags) {
  if (page != NULL && (flags & MS_SYNC)) COUNT(unfollowed);
  return REAL(msync)(address, length, flags);
}

/* Writes that are durable when they return. */
static int opened(int file, int flags) {
  struct stat status;
  if ((flags & O_DSYNC) && file >= 0 && of_host(file, &status)) COUNT(unfollowed);
  return file;
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = mode_of(flags, rest); \
    va_end(rest); \
    return opened(REAL(name)(path, flags, mode), flags); \
  }
#define OPENAT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = mode_of(flags, rest); \
    va_end(rest); \
    return opened(REAL(name)(directory, path, flags, mode), flags); \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* As programs call them that were compiled with checks. */
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }
int __openat_2(int directory, const char *path, int flags) { return openat(directory, path, flags); }
int __openat64_2(int directory, const char *path, int flags) { return openat64(directory, path, flags); }
