#ifndef EVALLOOP_PLATFORM_BASE_SIGNALS_H_
#define EVALLOOP_PLATFORM_BASE_SIGNALS_H_

#include <signal.h>

namespace evalloop::base {

// Make it main()'s first object: threads started later inherit the mask, so
// SIGINT and SIGTERM arrive only in Wait(). SIGPIPE is ignored from then on: a
// peer that goes away is an error code, not a death.
class TerminationSignals {
 public:
  TerminationSignals();

  // Blocks until SIGINT, SIGTERM or Trigger(); returns the signal's number.
  int Wait();

  // Wakes Wait() from any thread.
  static void Trigger();

 private:
  sigset_t set_;
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_SIGNALS_H_
