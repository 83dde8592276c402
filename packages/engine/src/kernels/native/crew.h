/**
 * A crew: threads that divide every command of a run among them and meet at its barriers. They sleep
 * between runs, as long as the crew is open.
 */
#ifndef R3MES_CREW_H
#define R3MES_CREW_H

#include "kernel.h"

/** Most threads of a crew. */
#define CREW_THREADS_MAX 64

/** Commands in memory, as backends/wasm/commands.ts encodes them: the words [from, to). */
struct run {
  const struct kernel_set *set;
  int32_t *words;
  int32_t from;
  int32_t to;
  /** Offset of thread 0's scratch, and the bytes of each thread's. */
  uint32_t scratch;
  uint32_t scratch_bytes;
};

struct crew;

/** Words of a command before its arguments: whoever encodes other ones has other sources. */
int32_t r3mes_header_words(void);

/** A crew of 1 to CREW_THREADS_MAX, the caller of a run among them; NULL without threads for it. */
struct crew *r3mes_open_crew(int32_t threads);

/** The threads of a crew, the caller of a run among them. */
int32_t r3mes_threads_of(const struct crew *crew);

/**
 * Runs the commands on all threads; the caller is thread 0. Returns -1, or the number of a kernel
 * that a command does not fit or whose arguments pass the end of the run, or the count of all for
 * one that does not exist or is cut off before: each thread stops before that command, or before the
 * first of those that pass through their units together with it.
 */
int32_t r3mes_run_on_crew(struct crew *crew, const struct run *run);

/** Ends the threads and frees the crew. */
void r3mes_close_crew(struct crew *crew);

#endif
