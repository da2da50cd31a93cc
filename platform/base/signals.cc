#include "platform/base/signals.h"

#include <pthread.h>
#include <unistd.h>

namespace evalloop::base {

TerminationSignals::TerminationSignals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int TerminationSignals::Wait() {
  int signal = 0;
  sigwait(&set_, &signal);
  return signal;
}

// Not raise(): that would signal the calling thread alone.
void TerminationSignals::Trigger() { kill(getpid(), SIGTERM); }

}  // namespace evalloop::base
