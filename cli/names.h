#ifndef EVALLOOP_CLI_NAMES_H_
#define EVALLOOP_CLI_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evalloop/v1/common.pb.h"

namespace evalloop::cli {

// "NAME" (production), "NAME@3" (that version), "NAME@staging" (that label).
// InvalidArgument says what is wrong.
absl::StatusOr<v1::RevisionSelector> ParseRevision(std::string_view text);

// "complete-line@3"
std::string RevisionName(std::string_view prompt, std::uint32_t version);

struct BenchmarkName {
  std::string name;
  std::uint32_t version = 0;  // 0: the newest.
};

// "NAME" or "NAME@2".
absl::StatusOr<BenchmarkName> ParseBenchmark(std::string_view text);

// "2024-05-31" or RFC 3339, UTC.
absl::StatusOr<absl::Time> ParseDate(std::string_view text);

// A repository's path as the services know it: absolute, links resolved. A URL
// (with "://") stays as it is. NotFound: there is nothing at that path.
absl::StatusOr<std::string> CanonicalRepository(std::string_view path);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_NAMES_H_
