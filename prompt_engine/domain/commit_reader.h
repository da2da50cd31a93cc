#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_READER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_READER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "code_analysis/history.h"

namespace evalloop::prompt_engine {

// What an ingested repository's commits changed. Not thread-safe.
class CommitReader {
 public:
  virtual ~CommitReader() = default;

  // Against the first parent, in languages that we know.
  virtual absl::StatusOr<code_analysis::CommitChanges> Changes(
      std::string_view sha) = 0;
  // The first parent; empty for a root. NotFound: no such commit.
  virtual absl::StatusOr<std::string> ParentOf(std::string_view sha) = 0;
};

// Opens a repository by the name under which it was ingested.
using CommitReaderFactory =
    std::function<absl::StatusOr<std::unique_ptr<CommitReader>>(
        const std::string& repository)>;

// Reads git at the path that the repository is called by.
absl::StatusOr<std::unique_ptr<CommitReader>> OpenGit(
    const std::string& repository);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_READER_H_
