#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_AUTHORSHIP_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_AUTHORSHIP_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

// The degree of authorship of a file (Fritz et al., TOSEM 23(2), 2014, with the
// weights of Avelino et al., ICPC 2016):
//   3.293 + 1.098 FA + 0.164 DL - 0.321 ln(1 + AC)
// FA: 1 for who made the file; DL: own commits to it; AC: commits of others.
double DegreeOfAuthorship(bool first_author, std::uint32_t own_commits,
                          std::uint32_t other_commits);

// Degrees from the commits of one history, under all the names that a file had
// before, each computed once. Not thread-safe.
class Authorship {
 public:
  explicit Authorship(const WrittenHistory& history) : history_(history) {}

  // As a share of the highest degree that anybody has for the file, [0, 1]; 0
  // for who never touched it.
  double Of(std::string_view path, const std::string& author);

 private:
  const std::map<std::string, double>& DegreesOf(std::string_view path);

  const WrittenHistory& history_;
  std::unordered_map<std::string, std::map<std::string, double>> degrees_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_AUTHORSHIP_H_
