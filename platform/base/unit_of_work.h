#ifndef EVALLOOP_PLATFORM_BASE_UNIT_OF_WORK_H_
#define EVALLOOP_PLATFORM_BASE_UNIT_OF_WORK_H_

#include <functional>

#include "absl/status/status.h"

namespace evalloop::base {

// A token for "everything done with this commits together or not at all".
// Domain ports take one where several effects belong to one transaction; only
// stores know what is behind it. Not thread-safe; valid inside Run's body only.
class UnitOfWork {
 public:
  virtual ~UnitOfWork() = default;

 protected:
  UnitOfWork() = default;
  UnitOfWork(const UnitOfWork&) = default;
  UnitOfWork& operator=(const UnitOfWork&) = default;
};

// Begins units of work. Thread-safe.
class Transactor {
 public:
  virtual ~Transactor() = default;

  // Runs `body` in one transaction and commits when it returns OK; any other
  // status rolls back and is returned. `body` may run again after a
  // serialization failure or deadlock, so its only effects must be through the
  // unit of work. Unavailable: the commit may or may not have happened.
  virtual absl::Status Run(
      const std::function<absl::Status(UnitOfWork&)>& body) = 0;
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_UNIT_OF_WORK_H_
