#ifndef EVALLOOP_CODE_ANALYSIS_MIRROR_H_
#define EVALLOOP_CODE_ANALYSIS_MIRROR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace evalloop::code_analysis {

struct MirrorOptions {
  // Where the copies are kept, one folder each. Empty: URLs are not taken.
  std::string folder;
  // What one fetch may bring, at most.
  std::uint64_t max_bytes = std::uint64_t{4} << 30;
  std::uint32_t max_objects = 20'000'000;
  std::uint32_t max_seconds = 3600;
};

// Whether it is a URL ("https://...", "user@host:path") rather than a path.
bool IsRepositoryUrl(std::string_view repository);

// InvalidArgument with what is wrong: a protocol other than https, ssh, git and
// file; a name or password within it (keys belong to the agent); a host or path
// that a command could take for an option; control characters.
absl::Status CheckRepositoryUrl(std::string_view url);

// Where the repository lies on this machine: a path is its own.
std::string MirrorPath(std::string_view repository,
                       const MirrorOptions& options);

// Brings what a URL has into its copy, making that where it is missing, and
// returns MirrorPath. A path is returned as it is. Only branches, tags and HEAD
// are fetched, into a bare repository: no work tree, no hooks, no filters, no
// submodules, no configuration of this machine, no credential helper; ssh uses
// the agent's key. What was cut off goes on at the next call. One call at a
// time for one copy, machine-wide; others wait. InvalidArgument as
// CheckRepositoryUrl; Unavailable where the other side can't be reached;
// ResourceExhausted over a limit; FailedPrecondition without a folder.
absl::StatusOr<std::string> Mirror(std::string_view repository,
                                   const MirrorOptions& options);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_MIRROR_H_
