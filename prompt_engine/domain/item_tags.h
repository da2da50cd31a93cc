#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_TAGS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_TAGS_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "code_analysis/language.h"
#include "prompt_engine/domain/mined_item.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

// Whether a line says enough to be asked for: no import, no mere bracket or
// keyword, no row of data.
bool IsInformative(std::string_view line, code_analysis::Language language);

// Whether the path is of tests, by the names that languages use for them.
bool IsTestPath(std::string_view path);
// Whether it is of documentation, examples or what builds and releases.
bool IsSidePath(std::string_view path);

// "test", "docs", "build", "cli", "web", "storage", "network", "security",
// "interface", "concurrency" or "core": by the path, then by what the file
// above the cursor imports.
std::string_view DomainOf(std::string_view path, std::string_view prefix);

// "low", "medium" or "high": of a line by its tokens, of a piece by its
// cyclomatic complexity.
std::string_view ComplexityOf(std::string_view text, ItemClass item_class,
                              code_analysis::Language language);

// Whether a mistake here is likely to be a weakness: by the names that it uses,
// and by what code_analysis/security finds in it.
bool IsSecuritySensitive(std::string_view path, std::string_view text,
                         code_analysis::Language language);

// The classes of Long Code Arena's project-level completion (Bogomolov et al.,
// 2024), for what stands at the cursor: "non-informative"; else by where the
// names that it calls or uses are declared: "committed" (in another file of the
// same commit), "inproject" (in another file), "infile", "common" (in several
// files at once), or "random".
std::string_view LabelOf(std::string_view text,
                         code_analysis::Language language, std::uint32_t path,
                         std::uint32_t position,
                         const std::set<std::uint32_t>& paths_of_commit,
                         const WrittenHistory& history);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_ITEM_TAGS_H_
