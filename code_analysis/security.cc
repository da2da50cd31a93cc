#include "code_analysis/security.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "code_analysis/security_rules.h"
#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

// Nodes of a capture that a predicate looks at: expressions that are nested
// deeper tell nothing new, and hostile text nests deep.
constexpr int kMaxNodes = 400;
// States of one query at once; beyond it tree-sitter drops the oldest ones.
constexpr std::uint32_t kMatchLimit = 1024;

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool Has(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return Lower(a) == Lower(b); }) !=
         text.end();
}

std::string_view Unquoted(std::string_view text) {
  constexpr std::string_view kQuotes = "\"'`:";
  while (!text.empty() && kQuotes.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && kQuotes.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

bool OneOf(std::string_view text, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// What a capture is made of.
struct Parts {
  bool literal = false;  // A piece of text.
  bool dynamic = false;  // Something whose value the code does not show.
  bool joined = false;   // An operation or call that puts text together.
  bool sql = false;
};

bool BeginsAsSql(std::string_view text) {
  constexpr std::string_view kVerbs[] = {"select ",  "insert ", "update ",
                                         "delete ",  "drop ",   "create ",
                                         "replace ", "alter ",  "with "};
  text = Unquoted(text);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  return std::any_of(std::begin(kVerbs), std::end(kVerbs),
                     [&](std::string_view verb) {
                       return Has(text.substr(0, verb.size()), verb);
                     });
}

Parts PartsOf(const SyntaxTree& tree, TSNode node) {
  constexpr std::string_view kJoins[] = {
      "binary_expression",   "binary",    "template_substitution",
      "interpolation",       "expansion", "simple_expansion",
      "command_substitution"};
  constexpr std::string_view kJoiners[] = {
      "Sprintf", "format", "Join",      "concat", "join",
      "StrCat",  "Sprint", "formatted", "append", "arrayToString"};
  constexpr std::string_view kFunctions[] = {
      "arrow_function",    "function_expression", "func_literal",
      "lambda_expression", "closure_expression",  "lambda"};
  Parts parts;
  int seen = 0;
  for (TreeWalk walk(node); !walk.done() && seen < kMaxNodes; walk.Next()) {
    ++seen;
    const TSNode at = walk.node();
    if (!ts_node_is_named(at)) continue;
    const std::string_view kind = ts_node_type(at);
    // What a function does when it is called is not what it is.
    if (OneOf(kind, kFunctions)) {
      parts.dynamic = true;
      walk.SkipChildren();
      continue;
    }
    if (Has(kind, "string") || kind == "raw_string" || kind == "word") {
      parts.literal = true;
      parts.sql = parts.sql || BeginsAsSql(tree.TextOf(at));
    }
    if (OneOf(kind, kJoins)) parts.joined = true;
    if (ts_node_named_child_count(at) > 0) continue;
    if (kind == "identifier" || kind == "field_identifier" ||
        kind == "property_identifier") {
      if (OneOf(tree.TextOf(at), kJoiners)) {
        parts.joined = true;
      } else {
        parts.dynamic = true;
      }
    } else if (kind == "variable_name" || kind == "instance_variable" ||
               kind == "this" || kind == "self" ||
               kind == "special_variable_name") {
      parts.dynamic = true;
    }
  }
  return parts;
}

// A name that ends as names of secrets do, and a literal that could be one.
bool IsCredential(std::string_view name, std::string_view value) {
  constexpr std::string_view kEndings[] = {
      "password",    "passwd",     "pwd",          "secret",
      "apikey",      "accesskey",  "secretkey",    "authtoken",
      "accesstoken", "privatekey", "passphrase",   "clientsecret",
      "apitoken",    "token",      "encryptionkey"};
  constexpr std::string_view kPlaceholders[] = {
      "example",  "changeme", "placeholder", "your", "xxx", "dummy",
      "redacted", "todo",     "insert",      "<",    "${",  "%s",
      "null",     "none",     "undefined",   "***",  "{{"};
  std::string plain;
  for (const char c : Unquoted(name)) {
    if (c == '_' || c == '-' || c == '[' || c == ']' || c == '"' || c == '\'' ||
        c == '@') {
      continue;
    }
    plain += Lower(c);
  }
  const bool telling = std::any_of(
      std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
        return plain.size() >= ending.size() &&
               std::string_view(plain).substr(plain.size() - ending.size()) ==
                   ending;
      });
  if (!telling) return false;
  const std::string_view bare = Unquoted(value);
  if (bare.size() < 6 || bare.size() > 200 ||
      bare.find_first_of(" \t\n$/(") != std::string_view::npos) {
    return false;
  }
  // A key of a table, a column or a header is named as what it holds.
  std::string key;
  for (const char c : bare) {
    if (c != '_' && c != '-' && c != '.') key += Lower(c);
  }
  const bool names_itself = std::any_of(
      std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
        return key.size() >= ending.size() &&
               std::string_view(key).substr(key.size() - ending.size()) ==
                   ending;
      });
  if (names_itself) return false;
  return std::none_of(std::begin(kPlaceholders), std::end(kPlaceholders),
                      [&](std::string_view word) { return Has(bare, word); });
}

// A predicate of a pattern, ready to be asked.
struct Predicate {
  std::string_view name;
  std::vector<std::uint32_t> captures;
  std::vector<std::string_view> words;
};

// All patterns of a language as one query, which is compiled once.
class RuleSet {
 public:
  explicit RuleSet(Language language) {
    std::string source;
    for (const SecurityPattern& pattern : PatternsOf(language)) {
      source.append(pattern.pattern).append("\n");
      const auto rules = SecurityRules();
      rules_.push_back(&*std::find_if(
          rules.begin(), rules.end(),
          [&](const SecurityRule& rule) { return rule.id == pattern.rule; }));
    }
    std::uint32_t offset = 0;
    TSQueryError error = TSQueryErrorNone;
    query_ = ts_query_new(GrammarOf(language), source.data(),
                          static_cast<std::uint32_t>(source.size()), &offset,
                          &error);
    if (query_ == nullptr) {
      // A table that does not fit its grammar: a mistake of ours, which any
      // test shows.
      std::fprintf(stderr, "security rules of %s, at byte %u: %.60s\n",
                   std::string(NameOf(language)).c_str(), offset,
                   source.c_str() + offset);
      std::abort();
    }
    for (std::uint32_t i = 0; i < rules_.size(); ++i) ReadPredicates(i);
  }
  // Lives as long as the process does.

  std::vector<SecurityFinding> Find(const SyntaxTree& tree) const {
    struct FreeCursor {
      void operator()(TSQueryCursor* c) const { ts_query_cursor_delete(c); }
    };
    const std::unique_ptr<TSQueryCursor, FreeCursor> cursor(
        ts_query_cursor_new());
    ts_query_cursor_set_match_limit(cursor.get(), kMatchLimit);
    ts_query_cursor_exec(cursor.get(), query_, tree.root());
    std::vector<SecurityFinding> findings;
    TSQueryMatch match;
    while (ts_query_cursor_next_match(cursor.get(), &match)) {
      const std::span captures(match.captures, match.capture_count);
      if (!Holds(tree, predicates_[match.pattern_index], captures)) continue;
      const TSNode at = Captured(captures, at_);
      findings.push_back({.rule = rules_[match.pattern_index],
                          .offset = ts_node_start_byte(at),
                          .line = ts_node_start_point(at).row + 1});
    }
    std::sort(findings.begin(), findings.end(), Before);
    // One place is one finding of a rule, whichever of its arguments matched.
    findings.erase(std::unique(findings.begin(), findings.end(),
                               [](const auto& a, const auto& b) {
                                 return a.offset == b.offset &&
                                        a.rule == b.rule;
                               }),
                   findings.end());
    return findings;
  }

 private:
  static bool Before(const SecurityFinding& a, const SecurityFinding& b) {
    return std::pair(a.offset, a.rule) < std::pair(b.offset, b.rule);
  }

  std::string_view Word(std::uint32_t id) const {
    std::uint32_t length = 0;
    const char* const text = ts_query_string_value_for_id(query_, id, &length);
    return {text, length};
  }

  void ReadPredicates(std::uint32_t pattern) {
    std::uint32_t count = 0;
    const TSQueryPredicateStep* const steps =
        ts_query_predicates_for_pattern(query_, pattern, &count);
    std::vector<Predicate>& predicates = predicates_.emplace_back();
    bool first = true;
    for (const TSQueryPredicateStep& step : std::span(steps, count)) {
      if (step.type == TSQueryPredicateStepTypeDone) {
        first = true;
      } else if (step.type == TSQueryPredicateStepTypeCapture) {
        predicates.back().captures.push_back(step.value_id);
      } else if (first) {
        predicates.push_back({.name = Word(step.value_id)});
        first = false;
      } else {
        predicates.back().words.push_back(Word(step.value_id));
      }
    }
    for (std::uint32_t i = 0; i < ts_query_capture_count(query_); ++i) {
      std::uint32_t length = 0;
      const char* const name = ts_query_capture_name_for_id(query_, i, &length);
      if (std::string_view(name, length) == "at") at_ = i;
    }
  }

  static TSNode Captured(std::span<const TSQueryCapture> captures,
                         std::uint32_t id) {
    for (const TSQueryCapture& capture : captures) {
      if (capture.index == id) return capture.node;
    }
    return TSNode{};
  }

  static bool Holds(const SyntaxTree& tree,
                    const std::vector<Predicate>& predicates,
                    std::span<const TSQueryCapture> captures) {
    return std::all_of(predicates.begin(), predicates.end(),
                       [&](const Predicate& predicate) {
                         return Holds(tree, predicate, captures);
                       });
  }

  static bool Holds(const SyntaxTree& tree, const Predicate& predicate,
                    std::span<const TSQueryCapture> captures) {
    const TSNode node = Captured(captures, predicate.captures.at(0));
    if (ts_node_is_null(node)) return false;
    const std::string_view text = tree.TextOf(node).substr(0, 4096);
    if (predicate.name == "eq?" || predicate.name == "any-of?") {
      return OneOf(Unquoted(text), predicate.words);
    }
    if (predicate.name == "has?") {
      return std::any_of(
          predicate.words.begin(), predicate.words.end(),
          [&](std::string_view word) { return Has(text, word); });
    }
    if (predicate.name == "credential?") {
      return IsCredential(
          text, tree.TextOf(Captured(captures, predicate.captures.at(1))));
    }
    const Parts parts = PartsOf(tree, node);
    if (predicate.name == "dynamic?") return parts.dynamic;
    if (predicate.name == "built?") {
      return parts.dynamic && parts.literal && parts.joined;
    }
    if (predicate.name == "sql?") return parts.sql;
    if (predicate.name == "no-literal?") {
      return parts.dynamic && !parts.literal;
    }
    return false;
  }

  TSQuery* query_;
  std::uint32_t at_ = 0;
  std::vector<const SecurityRule*> rules_;  // By pattern.
  std::vector<std::vector<Predicate>> predicates_;
};

template <Language kLanguage>
const RuleSet& Rules() {
  static const RuleSet* const rules = new RuleSet(kLanguage);
  return *rules;
}

// Each language's query when it is first asked for: compiling one takes
// milliseconds.
const RuleSet* RulesOf(Language language) {
  switch (language) {
    case Language::kJavaScript:
      return &Rules<Language::kJavaScript>();
    case Language::kTypeScript:
      return &Rules<Language::kTypeScript>();
    case Language::kTsx:
      return &Rules<Language::kTsx>();
    case Language::kGo:
      return &Rules<Language::kGo>();
    case Language::kJava:
      return &Rules<Language::kJava>();
    case Language::kC:
      return &Rules<Language::kC>();
    case Language::kCpp:
      return &Rules<Language::kCpp>();
    case Language::kRust:
      return &Rules<Language::kRust>();
    case Language::kRuby:
      return &Rules<Language::kRuby>();
    case Language::kBash:
      return &Rules<Language::kBash>();
    case Language::kPython:
    case Language::kCSharp:
    case Language::kPhp:
    case Language::kUnknown:
      break;
  }
  return nullptr;
}

}  // namespace

SecurityReport FindWeaknesses(std::string_view text, Language language) {
  SecurityReport report;
  const RuleSet* const rules = RulesOf(language);
  if (rules == nullptr) {
    report.reason = language == Language::kUnknown ? "no_grammar" : "no_rules";
    return report;
  }
  const SyntaxTree tree(text, language);
  if (!tree.ok()) {
    report.reason = tree.reason();
    return report;
  }
  report.findings = rules->Find(tree);
  return report;
}

}  // namespace evalloop::code_analysis
