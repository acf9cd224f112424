/*
 * A wall clock that is wrong, for one host: preloaded into its servers. What they learn from the C library about the time of day is moved by an offset and a drift that stand in a file
 * shared with the harness (SIXWAYS_CLOCK); the monotonic clock is left alone. A program that is linked statically does not notice.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Little-endian. `reads` counts the times that differed, `asked` all of them. `sequence` is odd while the rest changes. Nanoseconds; parts per million. */
struct page { uint64_t sequence; int64_t from, offset, ppm; uint64_t reads, asked; };

static volatile struct page *page;
static int (*real)(clockid_t, struct timespec *);

static int true_time(clockid_t clock, struct timespec *t) {
  return real ? real(clock, t) : (int)syscall(SYS_clock_gettime, clock, t);
}

__attribute__((constructor)) static void open_page(void) {
  const char *path = getenv("SIXWAYS_CLOCK");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED) return;
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  page = memory;
}

static int64_t moved(int64_t now) {
  uint64_t sequence;
  int64_t from, offset, ppm;
  if (page == NULL) return now;
  __atomic_fetch_add(&page->asked, 1, __ATOMIC_RELAXED);
  do {
    sequence = page->sequence;
    from = page->from, offset = page->offset, ppm = page->ppm;
  } while (sequence % 2 == 1 || sequence != page->sequence);
  if (offset == 0 && ppm == 0) return now;
  __atomic_fetch_add(&page->reads, 1, __ATOMIC_RELAXED);
  return now + offset + (int64_t)((__int128)(now - from) * ppm / 1000000);
}

int clock_gettime(clockid_t clock, struct timespec *t) {
  int result = true_time(clock, t);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t now = moved((int64_t)t->tv_sec * 1000000000 + t->tv_nsec);
    t->tv_sec = now / 1000000000;
    t->tv_nsec = now % 1000000000;
  }
  return result;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  *t = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *t) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (t != NULL) *t = now.tv_sec;
  return now.tv_sec;
}
