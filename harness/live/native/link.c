/*
 * A link that misbehaves: carries Ethernet frames between two network devices, and delays, duplicates, reorders or corrupts those that a rule meets.
 * For kernels without netem. Usage: link DEVICE_OF_HOST DEVICE_OF_SWITCH CONTROL_FILE SEED
 *
 * The control file is shared memory, little-endian: at 0 the number of rules, at 8 a word that is 1 once the link carries frames; rules of 64 bytes from 64 on, counters of 64
 * bytes from 32768 on, as the structures below. Whoever writes a rule does so before its number counts.
 *
 * Frames keep what the kernel says about them (virtio_net_hdr: checksums yet to be made, segments yet to be cut), so that offloading may stay on. A frame that is to be corrupted
 * gets its checksum first: the receiver shall have the chance to notice. One that is still to be cut into segments is dropped instead, which is what its
 * receiver would do.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL_BYTES = 65536, RULES_AT = 64, COUNTERS_AT = 32768, RULES_MOST = 500, FRAME_MOST = 65536 + 64, QUEUE_MOST = 20000 };
/* Servers listen below the ports that the kernel hands out to clients. */
enum { FIRST_CLIENT_PORT = 32768 };

struct rule {
  uint32_t inbound; /* 1: towards the host */
  uint32_t peer;    /* IPv4 address of the other host, network order */
  uint32_t only;    /* 0: all, 1: requests, 2: replies */
  uint32_t fault;   /* whose counters */
  uint64_t delay, jitter, reorder_by; /* nanoseconds */
  float duplicate, reorder, corrupt;  /* shares */
  uint32_t bits;
  uint64_t unused;
};
struct counters { uint64_t delayed, duplicated, reordered, corrupted, unused[4]; };
struct frame { uint64_t due, order; int to; size_t length; unsigned char *bytes; };

static volatile unsigned char *control;
static struct frame queue[QUEUE_MOST];
static size_t queued;
static uint64_t orders, drawn;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static uint64_t draw(void) { /* splitmix64 */
  uint64_t z = drawn += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
static double fraction(void) { return (double)(draw() >> 11) / 9007199254740992.0; }
static int earlier(const struct frame *a, const struct frame *b) {
  return a->due < b->due || (a->due == b->due && a->order < b->order);
}
static void put(uint64_t due, int to, const unsigned char *bytes, size_t length) {
  if (queued == QUEUE_MOST) return; /* as a switch whose memory is full */
  struct frame f = {due, orders++, to, length, malloc(length)};
  if (f.bytes == NULL) return;
  memcpy(f.bytes, bytes, length);
  size_t i = queued++;
  for (; i > 0 && earlier(&f, &queue[(i - 1) / 2]); i = (i - 1) / 2) queue[i] = queue[(i - 1) / 2];
  queue[i] = f;
}
static struct frame take(void) {
  struct frame top = queue[0], last = queue[--queued];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= queued) break;
    if (child + 1 < queued && earlier(&queue[child + 1], &queue[child])) child++;
    if (earlier(&last, &queue[child])) break;
    queue[i] = queue[child];
    i = child;
  }
  queue[i] = last;
  return top;
}
/* False if the frame has to be dropped. */
static int corrupt(unsigned char *bytes, size_t length, uint32_t bits) {
  struct virtio_net_hdr *header = (struct virtio_net_hdr *)bytes;
  unsigned char *packet = bytes + sizeof *header;
  size_t size = length - sizeof *header, ip = 14u + 4u * (packet[14] & 15u);
  if (header->gso_type != VIRTIO_NET_HDR_GSO_NONE || size <= ip) return 0;
  if (header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
    uint32_t sum = 0;
    for (size_t i = header->csum_start; i < size; i += 2)
      sum += (uint32_t)packet[i] << 8 | (i + 1 < size ? packet[i + 1] : 0u);
    while (sum >> 16) sum = (sum & 0xffffu) + (sum >> 16);
    size_t at = (size_t)header->csum_start + header->csum_offset;
    packet[at] = (unsigned char)(~sum >> 8);
    packet[at + 1] = (unsigned char)~sum;
  }
  memset(header, 0, sizeof *header);
  for (uint32_t i = 0; i < bits; i++) {
    uint64_t bit = draw() % ((size - ip) * 8);
    packet[ip + bit / 8] ^= (unsigned char)(1u << (bit % 8));
  }
  return 1;
}
static int meets(const volatile struct rule *rule, const unsigned char *packet, size_t size, int inbound) {
  uint32_t address;
  if (size < 34 || packet[12] != 8 || packet[13] != 0 || (int)rule->inbound != inbound) return 0;
  memcpy(&address, packet + (inbound ? 26 : 30), 4);
  if (address != rule->peer) return 0;
  if (rule->only == 0) return 1;
  size_t ports = 14u + 4u * (packet[14] & 15u) + (rule->only == 1 ? 2u : 0u);
  return packet[23] == 6 && size >= ports + 2 && (packet[ports] << 8 | packet[ports + 1]) < FIRST_CLIENT_PORT;
}
static void carry(unsigned char *bytes, size_t length, int to, int inbound) {
  uint32_t rules = *(volatile uint32_t *)control;
  uint64_t due = now(), copy_due = 0;
  for (uint32_t i = 0; i < rules && i < RULES_MOST; i++) {
    volatile struct rule *rule = (volatile struct rule *)(control + RULES_AT) + i;
    if (!meets(rule, bytes + sizeof(struct virtio_net_hdr), length - sizeof(struct virtio_net_hdr), inbound)) continue;
    volatile struct counters *counted = (volatile struct counters *)(control + COUNTERS_AT) + rule->fault % RULES_MOST;
    uint64_t extra = rule->delay + (rule->jitter ? draw() % rule->jitter : 0);
    if (extra) counted->delayed++;
    if (fraction() < rule->reorder) {
      extra += rule->reorder_by ? draw() % rule->reorder_by : 0;
      counted->reordered++;
    }
    due += extra;
    if (fraction() < rule->duplicate) {
      copy_due = due;
      counted->duplicated++;
    }
    if (fraction() < rule->corrupt) {
      counted->corrupted++;
      if (!corrupt(bytes, length, rule->bits)) return;
    }
  }
  put(due, to, bytes, length);
  if (copy_due) put(copy_due, to, bytes, length);
}
static int opened(const char *device) {
  int socket_ = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), on = 1, size = 8 << 20;
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(device)};
  if (socket_ < 0 || address.sll_ifindex == 0 || setsockopt(socket_, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) ||
      setsockopt(socket_, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) || bind(socket_, (struct sockaddr *)&address, sizeof address)) {
    perror(device);
    exit(1);
  }
  setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  fcntl(socket_, F_SETFL, O_NONBLOCK);
  return socket_;
}
int main(int count, char **words) {
  if (count != 5) {
    fputs("usage: link DEVICE_OF_HOST DEVICE_OF_SWITCH CONTROL_FILE SEED\n", stderr);
    return 64;
  }
  int file = open(words[3], O_RDWR);
  control = file < 0 ? MAP_FAILED : mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (control == MAP_FAILED) {
    perror(words[3]);
    return 1;
  }
  drawn = strtoull(words[4], NULL, 10);
  struct pollfd ends[2] = {{opened(words[1]), POLLIN, 0}, {opened(words[2]), POLLIN, 0}};
  static unsigned char bytes[FRAME_MOST];
  *(volatile uint32_t *)(control + 8) = 1;
  for (;;) {
    uint64_t at = now();
    while (queued > 0 && queue[0].due <= at) {
      struct frame frame = take();
      if (send(frame.to, frame.bytes, frame.length, 0) < 0 && errno != ENOBUFS && errno != ENETDOWN && errno != EAGAIN && errno != EMSGSIZE && errno != EINVAL)
        perror("send");
      free(frame.bytes);
    }
    struct timespec wait = {1, 0};
    if (queued > 0) {
      uint64_t left = queue[0].due - at;
      wait = (struct timespec){(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    }
    ppoll(ends, 2, &wait, NULL);
    for (int end = 0; end < 2; end++) {
      ssize_t length;
      while ((length = recv(ends[end].fd, bytes, sizeof bytes, 0)) > (ssize_t)sizeof(struct virtio_net_hdr))
        carry(bytes, (size_t)length, ends[1 - end].fd, end);
    }
  }
}
