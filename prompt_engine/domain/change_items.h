#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGE_ITEMS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGE_ITEMS_H_

#include <optional>
#include <string_view>

#include "code_analysis/history.h"
#include "prompt_engine/domain/mined_item.h"

namespace evalloop::prompt_engine {

// Items that a whole commit makes: what was wrong before it, and where the code
// is that its words are about. Both ask about the tree before the commit.

// The function that a small fix mended, as it was, to be reviewed; the
// committed output is the fix as a diff. Of the file that changed most the fix
// is in this one function, and it changes code: not only comments, docstrings
// or layout. Tag `tier`: "known-vulnerability" by the message's words, else
// "cross-file" where several files of code had to change together, else
// "domain-logic". Nullopt where the commit is no such fix.
std::optional<MinedItem> ReviewItem(
    const MineRequest& request, const CommitHeader& commit,
    std::string_view message, const code_analysis::CommitChanges& changes);

// The commit's subject as a query for the one function whose code it changed,
// which was there before. The output is "path:function". Nullopt where it
// changed another number of functions, or says too little.
std::optional<MinedItem> SearchItem(
    const MineRequest& request, const CommitHeader& commit,
    std::string_view message, const code_analysis::CommitChanges& changes);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGE_ITEMS_H_
