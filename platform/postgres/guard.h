#ifndef EVALLOOP_PLATFORM_POSTGRES_GUARD_H_
#define EVALLOOP_PLATFORM_POSTGRES_GUARD_H_

#include <exception>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::postgres {

// The Status for a libpqxx exception; the only place in the tree where one is
// told apart:
//   Unavailable        connection lost, or unknown whether a commit happened
//   Aborted            serialization failure, deadlock (IsRetryable is true)
//   AlreadyExists      unique violation
//   FailedPrecondition foreign key or check violation, missing table
//   InvalidArgument    a value the database cannot take (bad UTF-8, overflow)
//   ResourceExhausted  pool exhausted, disk full, too many connections
//   DeadlineExceeded   statement or lock timeout
//   Internal           anything else
absl::Status ToStatus(std::exception_ptr error);

// True for a Status of Guard's that a fresh transaction may cure (SQLSTATE
// 40001 or 40P01). A domain's own Aborted is not.
bool IsRetryable(const absl::Status& status);

namespace internal {
template <typename T>
struct Wrapped {
  using type = absl::StatusOr<T>;
};
template <>
struct Wrapped<void> {
  using type = absl::Status;
};
template <>
struct Wrapped<absl::Status> {
  using type = absl::Status;
};
template <typename T>
struct Wrapped<absl::StatusOr<T>> {
  using type = absl::StatusOr<T>;
};
}  // namespace internal

// Runs `body` and turns libpqxx's exceptions into a Status. A body of void or
// Status gives a Status; T or StatusOr<T> gives StatusOr<T>.
template <typename Body>
auto Guard(Body&& body) ->
    typename internal::Wrapped<std::invoke_result_t<Body>>::type {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
      std::forward<Body>(body)();
      return absl::OkStatus();
    } else {
      return std::forward<Body>(body)();
    }
  } catch (...) {
    return ToStatus(std::current_exception());
  }
}

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_GUARD_H_
