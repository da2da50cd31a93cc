#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_MAKER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_MAKER_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "prompt_engine/domain/code_names.h"
#include "prompt_engine/domain/mined_item.h"
#include "prompt_engine/domain/scan_commit.h"
#include "prompt_engine/domain/variant_groups.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

// What every item of one commit has.
MinedItem ItemOf(const CommitHeader& commit);

// Gives an item its id and canary, once its place and kind are known, and sorts
// its tags.
void FinishItem(const MineRequest& request, MinedItem& item);

// Makes completion and generation items of one commit's code. Not thread-safe.
class ItemMaker {
 public:
  // All must outlive this.
  ItemMaker(const MineRequest& request, const WrittenHistory& history,
            VariantGroups& groups, const CommitHeader& commit,
            const CommitCode& code);

  // Nullopt where the commit's text no longer has that place, or a line can't
  // be cut in two.
  std::optional<MinedItem> Make(const WrittenCode& code, TaskType task,
                                ItemClass item_class);

 private:
  struct Place {
    const replay::AddedRun* run = nullptr;
    const replay::AddedLine* line = nullptr;
    std::size_t cursor = 0;
  };

  std::optional<Place> Find(const WrittenCode& code) const;
  // The names of a text: all, and those that are no member of something.
  struct NameSet {
    std::set<std::string, std::less<>> all;
    std::set<std::string, std::less<>> free;

    void Add(std::string_view text, code_analysis::Language language);
  };

  // What the place has at hand.
  struct KnownNames {
    const NameSet& before;  // In the file before the commit.
    NameSet above = {};     // Above the cursor.
    NameSet near = {};      // In the last lines above it.

    bool Has(std::string_view name) const {
      return before.all.count(name) != 0 || above.all.count(name) != 0;
    }
    bool HasFree(std::string_view name) const {
      return before.free.count(name) != 0 || above.free.count(name) != 0;
    }
  };
  // Whether `other` could stand where `code` does.
  bool Fits(const WrittenCode& code, const WordsOf& own,
            const WrittenCode& other, bool same_place,
            const KnownNames& known) const;
  void AddVariants(const WrittenCode& code, const Place& place,
                   std::string_view head, MinedItem& item);
  void AddTags(const WrittenCode& code, MinedItem& item);
  const NameSet& NamesBefore(const Place& place);

  const MineRequest& request_;
  const WrittenHistory& history_;
  VariantGroups& groups_;
  const CommitHeader& commit_;
  const CommitCode& code_;
  std::set<std::uint32_t> paths_;         // Of the commit.
  std::map<std::string, NameSet> names_;  // By path.
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_MAKER_H_
