/** Threads of a crew and their way through commands. What a kernel computes is not known here. */
#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/** A command as commands.ts encodes it: these words, then its arguments. */
enum { KERNEL, UNITS, GRAIN, BARRIER, ARGUMENTS, JOINED, BLOCK, HEADER_WORDS };

/** What the deepest kernel needs many times over; some systems give other threads little. */
#define STACK_BYTES (1 << 20)
/**
 * How often a thread looks whether the others have come before it sleeps: some 20 microseconds, which is what being woken
 * takes, so a wait costs at most twice what the best choice would have. Decoding meets a hundred times within 0.1 ms.
 */
#define LOOKS 1000

struct crew {
  int32_t threads;
  /** Counts that threads wait on: the runs begun, and the barriers passed. */
  atomic_uint begun;
  atomic_uint passed;
  /** Threads that have come to the current barrier. */
  atomic_int arrived;
  bool closing;
  struct run run;
  pthread_mutex_t lock;
  pthread_cond_t raised;
  /** Threads 1 to `started`. */
  int32_t started;
  struct member {
    struct crew *crew;
    int32_t number;
    pthread_t thread;
  } members[CREW_THREADS_MAX];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/** Returns as soon as `count` is no longer `seen`. */
static void await_raise(struct crew *crew, atomic_uint *count, uint32_t seen) {
  for (int32_t i = 0; i < LOOKS; i++) {
    if (atomic_load(count) != seen) return;
    pause_briefly();
  }
  pthread_mutex_lock(&crew->lock);
  while (atomic_load(count) == seen) pthread_cond_wait(&crew->raised, &crew->lock);
  pthread_mutex_unlock(&crew->lock);
}

static void raise_count(struct crew *crew, atomic_uint *count) {
  pthread_mutex_lock(&crew->lock);
  atomic_fetch_add(count, 1);
  pthread_mutex_unlock(&crew->lock);
  /* Whoever frees the crew has joined the thread that is here. */
  pthread_cond_broadcast(&crew->raised);
}

/** Returns when every thread of the crew has come here. */
static void meet(struct crew *crew) {
  const uint32_t passed = atomic_load(&crew->passed);
  if (atomic_fetch_add(&crew->arrived, 1) == crew->threads - 1) {
    atomic_store(&crew->arrived, 0);
    raise_count(crew, &crew->passed);
  } else {
    await_raise(crew, &crew->passed, passed);
  }
}

/** The first unit of a thread: `partOf` of commands.ts, whose parts the barriers were placed for. */
static int32_t part_begin(int32_t units, int32_t grain, int32_t thread, int32_t threads) {
  const int64_t grains = ((int64_t)units + grain - 1) / grain;
  const int64_t unit = grains * thread / threads * grain;
  return unit < units ? (int32_t)unit : units;
}

/** -1, or what crew.h says of a command that does not fit the `words` words left of its run. */
static int32_t refused_of(const struct kernel_set *set, const int32_t *command, int32_t words) {
  if (words < HEADER_WORDS) return set->count;
  const int32_t number = command[KERNEL];
  if (number < 0 || number >= set->count) return set->count;
  const int32_t args = set->kernels[number].args;
  const bool fits = command[ARGUMENTS] == args && words >= HEADER_WORDS + args;
  return fits && command[GRAIN] >= 1 ? -1 : number;
}

/**
 * Where the commands end that pass through their units together with the one at `at`. Returns -1, or
 * what crew.h says of one of them.
 */
static int32_t end_of_group(const struct run *run, int32_t at, int32_t *end) {
  int32_t behind = 0;
  *end = at;
  do {
    const int32_t *command = run->words + *end;
    const int32_t refused = refused_of(run->set, command, run->to - *end);
    if (refused != -1) return refused;
    if (*end == at) behind = command[JOINED];
    *end += HEADER_WORDS + command[ARGUMENTS];
  } while (behind-- > 0 && *end < run->to);
  return -1;
}

/** One block of a thread's part of a command; true where there is more of the part behind it. */
static bool run_block(const struct crew *crew, int32_t thread, const int32_t *command,
                      int32_t block) {
  const struct run *run = &crew->run;
  const int32_t units = command[UNITS];
  const int32_t grain = command[GRAIN];
  const int32_t begin = part_begin(units, grain, thread, crew->threads);
  const int32_t end = part_begin(units, grain, thread + 1, crew->threads);
  const int64_t size = command[BLOCK] == 0 ? end - begin : command[BLOCK];
  const int64_t from = begin + block * size;
  const int64_t to = from + size < end ? from + size : end;
  if (from >= to) return false;
  uint8_t *memory = (uint8_t *)run->words;
  const struct call call = {
      .memory = memory,
      .args = command + HEADER_WORDS,
      .from = (int32_t)from,
      .to = (int32_t)to,
      .scratch = memory + run->scratch + (size_t)run->scratch_bytes * thread,
  };
  run->set->kernels[command[KERNEL]].run(&call);
  return to < end;
}

/** One thread's way through the run. All threads stop before the same group of commands. */
static int32_t run_commands(struct crew *crew, int32_t thread) {
  const struct run *run = &crew->run;
  for (int32_t end = run->from; end < run->to;) {
    const int32_t from = end;
    const int32_t refused = end_of_group(run, from, &end);
    if (refused != -1) return refused;
    if (run->words[from + BARRIER] != 0) meet(crew);
    bool open = true;
    for (int32_t block = 0; open; block++) {
      open = false;
      for (int32_t at = from; at < end; at += HEADER_WORDS + run->words[at + ARGUMENTS]) {
        if (run_block(crew, thread, run->words + at, block)) open = true;
      }
    }
  }
  return -1;
}

static int32_t take_part(struct crew *crew, int32_t thread) {
  const int32_t refused = run_commands(crew, thread);
  meet(crew);
  return refused;
}

/** The life of a thread: it sleeps until the next run begins, until the crew closes. */
static void *serve(void *of) {
  const struct member *member = of;
  struct crew *crew = member->crew;
  for (uint32_t seen = 0;; seen++) {
    await_raise(crew, &crew->begun, seen);
    if (crew->closing) return NULL;
    take_part(crew, member->number);
  }
}

static bool start_thread(struct crew *crew, int32_t number) {
  struct member *member = &crew->members[number];
  *member = (struct member){.crew = crew, .number = number};
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  const bool ok = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                  pthread_create(&member->thread, &attributes, serve, member) == 0;
  pthread_attr_destroy(&attributes);
  return ok;
}

int32_t r3mes_header_words(void) { return HEADER_WORDS; }

struct crew *r3mes_open_crew(int32_t threads) {
  struct crew *crew = calloc(1, sizeof *crew);
  if (crew == NULL) return NULL;
  crew->threads = threads;
  pthread_mutex_init(&crew->lock, NULL);
  pthread_cond_init(&crew->raised, NULL);
  while (crew->started < threads - 1 && start_thread(crew, crew->started + 1)) crew->started++;
  if (crew->started == threads - 1) return crew;
  r3mes_close_crew(crew);
  return NULL;
}

int32_t r3mes_threads_of(const struct crew *crew) { return crew->threads; }

int32_t r3mes_run_on_crew(struct crew *crew, const struct run *run) {
  crew->run = *run;
  raise_count(crew, &crew->begun);
  return take_part(crew, 0);
}

void r3mes_close_crew(struct crew *crew) {
  crew->closing = true;
  raise_count(crew, &crew->begun);
  for (int32_t i = 1; i <= crew->started; i++) pthread_join(crew->members[i].thread, NULL);
  pthread_cond_destroy(&crew->raised);
  pthread_mutex_destroy(&crew->lock);
  free(crew);
}
