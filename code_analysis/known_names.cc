#include "code_analysis/known_names.h"

#include <algorithm>
#include <string_view>

#include "code_analysis/known_names_tables.h"

namespace evalloop::code_analysis {
namespace {

// Takes what stands before `end` off `text`, and `end` too.
std::string_view Take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

}  // namespace

KnownNames::KnownNames(std::string_view table) {
  while (!table.empty()) {
    std::string_view line = Take(table, '\n');
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string_view>& names = scopes_[Take(line, '\t')];
    while (!line.empty()) names.push_back(Take(line, ' '));
    std::sort(names.begin(), names.end());
  }
}

bool KnownNames::Has(std::string_view scope, std::string_view name) const {
  const auto found = scopes_.find(scope);
  if (found == scopes_.end()) return false;
  const std::vector<std::string_view>& names = found->second;
  return std::binary_search(names.begin(), names.end(), name) ||
         (names.size() == 1 && names.front() == "*");
}

const KnownNames* KnownNames::Of(Language language) {
  switch (language) {
    case Language::kPython: {
      static const auto* const names = new KnownNames(PythonNamesTable());
      return names;
    }
    case Language::kJavaScript:
    case Language::kTypeScript:
    case Language::kTsx: {
      static const auto* const names = new KnownNames(JavascriptNamesTable());
      return names;
    }
    case Language::kGo: {
      static const auto* const names = new KnownNames(GoNamesTable());
      return names;
    }
    default:
      return nullptr;
  }
}

}  // namespace evalloop::code_analysis
