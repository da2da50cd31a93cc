/* Linked into every program of a build with ThreadSanitizer. GCC 12's TSan knows
 * POSIX threads and locks alone; librdkafka uses those of C11. The first
 * allocation in a thread that is unknown to TSan ends the program, and what
 * unknown locks guard looks like races. In glibc the types of both are the same
 * bytes, see its nptl/mtx_lock.c. */

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

struct start {
  thrd_start_t function;
  void* argument;
};

static void* run(void* given) {
  const struct start start = *(struct start*)given;
  free(given);
  return (void*)(intptr_t)start.function(start.argument);
}

static int result_of(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  struct start* const start = malloc(sizeof *start);
  if (start == NULL) return thrd_nomem;
  start->function = function;
  start->argument = argument;
  const int error = pthread_create(thread, NULL, run, start);
  if (error != 0) free(start);
  return result_of(error);
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = NULL;
  const int error = pthread_join(thread, &returned);
  if (error == 0 && result != NULL) *result = (int)(intptr_t)returned;
  return result_of(error);
}

int thrd_detach(thrd_t thread) { return result_of(pthread_detach(thread)); }

static pthread_mutex_t* mutex_of(mtx_t* mutex) {
  return (pthread_mutex_t*)mutex;
}

int mtx_init(mtx_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, (type & mtx_recursive) != 0
                                             ? PTHREAD_MUTEX_RECURSIVE
                                             : PTHREAD_MUTEX_NORMAL);
  const int error = pthread_mutex_init(mutex_of(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return result_of(error);
}

int mtx_lock(mtx_t* mutex) {
  return result_of(pthread_mutex_lock(mutex_of(mutex)));
}

int mtx_trylock(mtx_t* mutex) {
  return result_of(pthread_mutex_trylock(mutex_of(mutex)));
}

int mtx_timedlock(mtx_t* restrict mutex, const struct timespec* restrict until) {
  return result_of(pthread_mutex_timedlock(mutex_of(mutex), until));
}

int mtx_unlock(mtx_t* mutex) {
  return result_of(pthread_mutex_unlock(mutex_of(mutex)));
}

void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(mutex_of(mutex)); }

static pthread_cond_t* condition_of(cnd_t* condition) {
  return (pthread_cond_t*)condition;
}

int cnd_init(cnd_t* condition) {
  return result_of(pthread_cond_init(condition_of(condition), NULL));
}

int cnd_signal(cnd_t* condition) {
  return result_of(pthread_cond_signal(condition_of(condition)));
}

int cnd_broadcast(cnd_t* condition) {
  return result_of(pthread_cond_broadcast(condition_of(condition)));
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return result_of(pthread_cond_wait(condition_of(condition), mutex_of(mutex)));
}

int cnd_timedwait(cnd_t* restrict condition, mtx_t* restrict mutex,
                  const struct timespec* restrict until) {
  return result_of(pthread_cond_timedwait(condition_of(condition),
                                          mutex_of(mutex), until));
}

void cnd_destroy(cnd_t* condition) {
  pthread_cond_destroy(condition_of(condition));
}
