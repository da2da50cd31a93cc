#ifndef EVALLOOP_SCORER_DOMAIN_CHECKOUTS_H_
#define EVALLOOP_SCORER_DOMAIN_CHECKOUTS_H_

#include <memory>
#include <string_view>

#include "code_analysis/repository_names.h"

namespace evalloop::scorer {

// The names in repositories that this machine has. Thread-safe.
class Checkouts {
 public:
  virtual ~Checkouts() = default;

  // Null: `repository` is not here, may not be read, or is too large.
  virtual std::shared_ptr<const code_analysis::RepositoryNames> NamesIn(
      std::string_view repository) = 0;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_CHECKOUTS_H_
