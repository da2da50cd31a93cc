#ifndef EVALLOOP_SCORER_EXECUTION_GO_PACKAGES_H_
#define EVALLOOP_SCORER_EXECUTION_GO_PACKAGES_H_

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "scorer/execution/toolchain.h"

namespace evalloop::scorer {

// What compiling a Go program needs besides its source.
struct GoImports {
  // For go tool compile: the public packages of the standard library; and for
  // go tool link: all that they are made of.
  std::string compile;
  std::string link;
};

// Go's standard library, compiled. Go comes without: it is compiled once a
// machine by this process (nothing that is not trusted takes part), into a
// folder that sandboxes see read-only; what few programs use when one first
// names it.
class GoPackages {
 public:
  // Takes half a minute of CPU time the first time on a machine.
  // FAILED_PRECONDITION: the tool does not do it, and what it said.
  static absl::StatusOr<std::unique_ptr<GoPackages>> Open(Tool go);
  ~GoPackages();
  GoPackages(const GoPackages&) = delete;
  GoPackages& operator=(const GoPackages&) = delete;

  // Where compile and link lie.
  const std::string& tools() const { return tools_; }
  // What sandboxes must be shown.
  std::vector<std::string> folders() const;
  // With every package of the standard library that stands in quotes in
  // `program`. Thread-safe.
  absl::StatusOr<GoImports> For(std::string_view program);

 private:
  explicit GoPackages(Tool go) : go_(std::move(go)) {}

  absl::Status Prepare();
  absl::Status ChooseFolder(std::string_view version);
  absl::StatusOr<std::string> Ask(const std::vector<std::string>& arguments);
  absl::Status Compile();

  const Tool go_;
  std::string tools_;
  std::string folder_;
  bool temporary_ = false;
  std::set<std::string, std::less<>> known_;  // The public ones.
  std::mutex mutex_;
  std::set<std::string, std::less<>> compiled_;
  GoImports imports_;
};

// The name in a source's package clause; empty without one.
std::string_view GoPackageName(std::string_view source);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_GO_PACKAGES_H_
