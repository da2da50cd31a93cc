#ifndef EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_H_
#define EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_H_

#include <string_view>
#include <unordered_map>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// What a language brings along: the tables of known_names/, which
// tools/make_known_names.py wrote from real interpreters and compilers.
// Read-only, thread-safe.
class KnownNames {
 public:
  // Null for a language without a table.
  static const KnownNames* Of(Language language);

  // Names that need no import.
  bool HasGlobal(std::string_view name) const { return Has("", name); }
  bool HasModule(std::string_view module) const {
    return scopes_.contains(module);
  }
  // Also true where the members are not known.
  bool Has(std::string_view scope, std::string_view name) const;

  explicit KnownNames(std::string_view table);

 private:
  // Sorted.
  std::unordered_map<std::string_view, std::vector<std::string_view>> scopes_;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_H_
