#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_VARIANT_GROUPS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_VARIANT_GROUPS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/authorship.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

// The ways in which developers wrote one piece of code.
struct VariantGroup {
  std::vector<Variant> variants;  // The asked-for one is the first.
  std::vector<code_analysis::TokenText> tokens;
  std::vector<const WrittenCode*> codes;
  std::vector<bool> same_place;  // As the first one.
};

// Finds the groups of one history. Everything that it says comes from commits
// of that history, so from before the window's end. Not thread-safe.
class VariantGroups {
 public:
  explicit VariantGroups(const WrittenHistory& history)
      : history_(history), authorship_(history) {}

  // The group that grows from `code`: the candidates most like it first, each
  // taken in if it is a variant of all members so far (complete link, so that
  // chains do not join what is unlike), and what stood at the very same place.
  // Of one author's equal texts the best founded one stays.
  VariantGroup Of(const WrittenCode& code);

  // What chance makes alike among code of this class and language.
  double Chance(ItemClass item_class, code_analysis::Language language);

  // When the history ends.
  absl::Time end() const;

 private:
  Variant VariantOf(const WrittenCode& code);

  const WrittenHistory& history_;
  Authorship authorship_;
  std::map<std::pair<ItemClass, code_analysis::Language>, double> chance_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_VARIANT_GROUPS_H_
