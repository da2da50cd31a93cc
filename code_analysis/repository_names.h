#ifndef EVALLOOP_CODE_ANALYSIS_REPOSITORY_NAMES_H_
#define EVALLOOP_CODE_ANALYSIS_REPOSITORY_NAMES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

#include "absl/status/statusor.h"
#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// Every name that a repository's texts hold, whatever it names there: what is
// not in it is defined nowhere in the repository. Files' and folders' own names
// are in it too, as modules are called by them. Read-only once it is made.
class RepositoryNames {
 public:
  // Adds the words of a file. `path` is relative, with "/".
  void Add(std::string_view path, std::string_view text);
  bool Has(std::string_view name) const {
    return full_ || names_.contains(std::string(name));
  }
  std::size_t size() const { return names_.size(); }

 private:
  void AddWords(std::string_view text);

  std::unordered_set<std::string> names_;
  bool full_ = false;  // Too many names to keep: it might be any.
};

// Bounds of what is read of one checkout.
struct RepositoryLimits {
  std::size_t files = 20'000;
  std::size_t file_bytes = std::size_t{1} << 20;
  std::size_t all_bytes = std::size_t{128} << 20;
};

// The names in a checkout's source files and lists of dependencies. Symbolic
// links and hidden folders are passed over; so are files that are too large or
// no text. NotFound: no such folder; ResourceExhausted: beyond the limits, as
// half an index would call what exists invented.
absl::StatusOr<RepositoryNames> ReadRepositoryNames(
    const std::string& folder, const RepositoryLimits& limits = {});

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_REPOSITORY_NAMES_H_
