#include "prompt_engine/domain/item_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "code_analysis/lexer.h"
#include "code_analysis/shapes.h"
#include "platform/base/crypto.h"
#include "prompt_engine/domain/code_names.h"
#include "prompt_engine/domain/item_tags.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r\n";
// Above the cursor, where variables are at hand.
constexpr int kNearLines = 40;
constexpr std::size_t kLeastTailTokens = 2;
constexpr std::size_t kLeastTailCharacters = 4;  // As the acceptance rule's.

// Where a line is cut for class tail, as an offset of its text: a token's start
// that the item's place picks, with enough before and after. Nullopt: nowhere.
std::optional<std::size_t> CutOf(const WrittenCode& code) {
  const auto tokens = code_analysis::Lex(code.text, code.language);
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i + kLeastTailTokens <= tokens.size(); ++i) {
    if (code.text.size() - tokens[i].offset >= kLeastTailCharacters) {
      cuts.push_back(tokens[i].offset);
    }
  }
  if (cuts.empty()) return std::nullopt;
  const std::uint64_t pick = code_analysis::StableHash(
      code.text,
      static_cast<std::uint64_t>(code.context_key) + code.first_line);
  return cuts[pick % cuts.size()];
}

std::string_view LastLines(std::string_view text, int lines) {
  std::size_t begin = text.size();
  for (; lines > 0 && begin > 0; --lines) {
    const std::size_t end = text.rfind('\n', begin - 1);
    begin = end == std::string_view::npos ? 0 : end;
  }
  return text.substr(begin);
}

// Values that need no place to mean something.
bool IsPlainValue(std::string_view literal) {
  return literal == "0" || literal == "1" || literal == "2" ||
         literal == "\"\"" || literal == "''";
}

// A piece's text with the indent of another place.
std::string Reindented(std::string_view text, std::string_view from,
                       std::string_view to) {
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    std::string_view line = text.substr(0, text.find('\n') + 1);
    if (line.empty()) line = text;  // The last one.
    text.remove_prefix(line.size());
    if (!first && line.starts_with(from)) {
      line.remove_prefix(from.size());
      if (line.find_first_not_of(kBlanks) != std::string_view::npos) out += to;
    }
    out += line;
  }
  return out;
}

}  // namespace

MinedItem ItemOf(const CommitHeader& commit) {
  MinedItem item;
  item.commit = commit.sha;
  item.parent = commit.parent;
  item.author = commit.author;
  item.author_time = commit.author_time;
  return item;
}

void FinishItem(const MineRequest& request, MinedItem& item) {
  std::string place = fmt::format("{}\n{}\n{}\n{}", request.repository,
                                  item.commit, item.path, item.line);
  // Lines are named as they always were.
  if (item.item_class != ItemClass::kLine ||
      item.task != TaskType::kCompletion) {
    place += fmt::format("\n{}\n{}\n{}", NameOf(item.item_class),
                         NameOf(item.task), item.end_line);
  }
  item.item_id = base::Sha256Hex(place).substr(0, 24);
  item.canary =
      "evalloop-canary-" + base::Sha256Hex("canary\n" + place).substr(0, 32);
  item.tags.push_back(fmt::format("task:{}", NameOf(item.task)));
  item.tags.push_back(fmt::format("language:{}", item.language));
  item.tags.push_back(item.seen ? "seen" : "unseen");
  std::sort(item.tags.begin(), item.tags.end());
}

ItemMaker::ItemMaker(const MineRequest& request, const WrittenHistory& history,
                     VariantGroups& groups, const CommitHeader& commit,
                     const CommitCode& code)
    : request_(request),
      history_(history),
      groups_(groups),
      commit_(commit),
      code_(code) {
  for (const WrittenCode& written : history_.Of(commit.position)) {
    paths_.insert(written.path);
  }
}

std::optional<ItemMaker::Place> ItemMaker::Find(const WrittenCode& code) const {
  const std::string_view path = history_.PathOf(code.path);
  for (const replay::AddedRun& run : code_.runs) {
    if (run.path != path) continue;
    for (const replay::AddedLine& line : run.lines) {
      if (static_cast<std::uint32_t>(line.number) != code.first_line) continue;
      const std::size_t cursor =
          run.text->find_first_not_of(kBlanks, line.begin);
      if (cursor == std::string::npos ||
          std::string_view(*run.text).substr(cursor, code.text.size()) !=
              code.text) {
        return std::nullopt;
      }
      return Place{&run, &line, cursor};
    }
  }
  return std::nullopt;
}

void ItemMaker::NameSet::Add(std::string_view text,
                             code_analysis::Language language) {
  const WordsOf words(text, language);
  all.insert(words.names.begin(), words.names.end());
  free.insert(words.free.begin(), words.free.end());
}

const ItemMaker::NameSet& ItemMaker::NamesBefore(const Place& place) {
  const auto [found, added] = names_.try_emplace(place.run->path);
  if (added && place.run->old_text != nullptr) {
    found->second.Add(*place.run->old_text, place.run->language);
  }
  return found->second;
}

bool ItemMaker::Fits(const WrittenCode& code, const WordsOf& own,
                     const WrittenCode& other, bool same_place,
                     const KnownNames& known) const {
  WordsOf words(other.text, other.language);
  if (words.end != own.end) return false;
  // Of another place: the same with the same, in other words only.
  if (!same_place) {
    return words.names == own.names && words.literals == own.literals &&
           words.keywords == own.keywords && words.operators == own.operators;
  }
  // What this very commit replaced, it replaced on purpose.
  if (other.position < code.position) return false;
  // What stands below goes on with the same variable.
  if (words.assigned != own.assigned) return false;
  const auto all = [](const std::set<std::string_view>& of, const auto& fit) {
    return std::all_of(of.begin(), of.end(), fit);
  };
  const bool at_hand =
      all(words.variables,
          [&](std::string_view name) {
            return own.free.count(name) != 0 ||
                   known.near.free.count(name) != 0;
          }) &&
      all(words.free,
          [&](std::string_view name) {
            return own.free.count(name) != 0 || known.HasFree(name);
          }) &&
      all(words.names,
          [&](std::string_view name) {
            return own.names.count(name) != 0 || known.Has(name);
          }) &&
      all(words.literals, [&](std::string_view literal) {
        return own.literals.count(literal) != 0 || IsPlainValue(literal);
      });
  // What the committed code is the first to name, others go on with.
  const bool keeps_new_names = all(own.names, [&](std::string_view name) {
    return words.names.count(name) != 0 || known.Has(name);
  });
  // Written for what its own commit made of a function, of this one or of one
  // that it calls: that is not yet so.
  const std::string_view symbol = history_.PieceOf(code).symbol;
  words.names.insert(symbol.substr(symbol.rfind('.') + 1));
  return at_hand && keeps_new_names &&
         !history_.Declares(other.position, words.names);
}

void ItemMaker::AddVariants(const WrittenCode& code, const Place& place,
                            std::string_view head, MinedItem& item) {
  VariantGroup group = groups_.Of(code);
  const NameSet& before = NamesBefore(place);
  KnownNames known{.before = before};
  known.above.Add(item.prefix, code.language);
  known.near.Add(LastLines(item.prefix, kNearLines), code.language);
  const WordsOf own(code.text, code.language);
  std::vector<Variant> variants;
  std::vector<code_analysis::TokenText> tokens;
  for (std::size_t i = 0; i < group.variants.size(); ++i) {
    Variant& variant = group.variants[i];
    const WrittenCode& other = *group.codes[i];
    variant.fits = i == 0 || Fits(code, own, other, group.same_place[i], known);
    variant.text = Reindented(variant.text, history_.PieceOf(other).indent,
                              history_.PieceOf(code).indent);
    if (!head.empty()) {
      // Another way to end the same line.
      if (!std::string_view(variant.text).starts_with(head)) continue;
      variant.text.erase(0, head.size());
      tokens.push_back(code_analysis::TokensOf(variant.text, code.language));
    } else {
      tokens.push_back(std::move(group.tokens[i]));
    }
    variants.push_back(std::move(variant));
  }
  const double chance = groups_.Chance(item.item_class, code.language);
  const Agreement agreement = Agree(variants, tokens, groups_.end(), chance);
  item.explanation = Explain(variants, agreement, chance);
  item.agreement = agreement.agreement;
  item.contested = agreement.contested;
  // Of the same tokens the layout and comments of the place are the right ones.
  if (agreement.agreed &&
      LayoutFreeKey(variants[*agreement.agreed].text, code.language) !=
          LayoutFreeKey(variants.front().text, code.language)) {
    item.agreed = variants[*agreement.agreed].text;
  }
  item.variants = std::move(variants);
}

void ItemMaker::AddTags(const WrittenCode& code, MinedItem& item) {
  item.tags.push_back(
      fmt::format("domain:{}", DomainOf(item.path, item.prefix)));
  item.tags.push_back(
      fmt::format("complexity:{}",
                  ComplexityOf(code.text, item.item_class, code.language)));
  item.tags.push_back(
      fmt::format("label:{}", LabelOf(code.text, code.language, code.path,
                                      commit_.position, paths_, history_)));
  if (IsSecuritySensitive(item.path, code.text, code.language)) {
    item.tags.push_back("security-sensitive");
  }
  if (code.documented) item.tags.push_back("documented");
}

std::optional<MinedItem> ItemMaker::Make(const WrittenCode& code, TaskType task,
                                         ItemClass item_class) {
  const auto place = Find(code);
  if (!place) return std::nullopt;
  std::string_view head;
  if (item_class == ItemClass::kTail) {
    const auto cut = CutOf(code);
    if (!cut) return std::nullopt;
    head = code.text.substr(0, *cut);
  }
  MinedItem item = ItemOf(commit_);
  item.task = task;
  item.item_class = item_class;
  item.path = history_.PathOf(code.path);
  item.language = code_analysis::NameOf(code.language);
  item.line = code.first_line;
  item.end_line = code.last_line;
  item.symbol = history_.PieceOf(code).symbol;
  item.prefix = place->run->PrefixAt(place->cursor + head.size());
  item.suffix = place->run->Suffix();
  item.committed = code.text.substr(head.size());
  item.agreed = item.committed;
  item.seen = history_.Before(code.token_key, commit_.position);
  AddVariants(code, *place, head, item);
  AddTags(code, item);
  if (task == TaskType::kGeneration) {
    item.criteria = {
        fmt::format("Does it do what the comment and the head of `{}` say?",
                    item.symbol),
        "Does it treat the empty, the missing and the wrong input as the rest "
        "of the file does?",
        "Does it use the names of the file, and no others?"};
  }
  FinishItem(request_, item);
  return item;
}

}  // namespace evalloop::prompt_engine
