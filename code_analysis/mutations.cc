#include "code_analysis/mutations.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "code_analysis/lexer.h"

namespace evalloop::code_analysis {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Between two operands.
constexpr Pair kOperators[] = {
    {"+", "-"},   {"-", "+"},   {"*", "/"},   {"/", "*"},   {"//", "/"},
    {"%", "*"},   {"**", "*"},  {"<", "<="},  {"<=", "<"},  {">", ">="},
    {">=", ">"},  {"==", "!="}, {"!=", "=="}, {"&", "|"},   {"|", "&"},
    {"^", "&"},   {"<<", ">>"}, {">>", "<<"}, {"+=", "-="}, {"-=", "+="},
    {"*=", "/="}, {"/=", "*="}};
constexpr Pair kWords[] = {{"and", "or"},         {"or", "and"},
                           {"True", "False"},     {"False", "True"},
                           {"break", "continue"}, {"continue", "break"}};

std::optional<std::string_view> Other(std::span<const Pair> pairs,
                                      std::string_view word) {
  for (const auto& [from, to] : pairs) {
    if (from == word) return to;
  }
  return std::nullopt;
}

// A change: these bytes for others.
struct Edit {
  std::size_t offset = 0;
  std::size_t size = 0;
  std::string by;
  std::string words;
};

class Finder {
 public:
  explicit Finder(std::string_view source)
      : source_(source),
        tokens_(Lex(source, Language::kPython, {.newlines = true})) {}

  std::vector<Edit> Find() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.kind == TokenKind::kNewline) {
        if (depth_ == 0) statement_begins_ = true;
        continue;
      }
      if (statement_begins_) BeginStatement();
      statement_begins_ = false;
      Change(token);
      Nest(token);
      if (depth_ == 0 && token.text == ";") statement_begins_ = true;
      // What follows on the line is no signature any more.
      if (depth_ == 0 && token.text == ":") in_signature_ = false;
    }
    std::stable_sort(
        edits_.begin(), edits_.end(),
        [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
    return std::move(edits_);
  }

 private:
  static int NestingOf(const Token& token) {
    if (token.kind != TokenKind::kOperator) return 0;
    if (token.text == "(" || token.text == "[" || token.text == "{") return 1;
    if (token.text == ")" || token.text == "]" || token.text == "}") return -1;
    return 0;
  }

  void Nest(const Token& token) {
    depth_ = std::max(depth_ + NestingOf(token), 0);
  }

  void Replace(const Token& token, std::string_view by) {
    edits_.push_back({token.offset, token.text.size(), std::string(by),
                      std::string(token.text) + " to " + std::string(by)});
  }

  void Replace(const Token& first, const Token& last, std::string by,
               std::string words) {
    const std::size_t end = last.offset + last.text.size();
    edits_.push_back(
        {first.offset, end - first.offset, std::move(by), std::move(words)});
  }

  // Whether the token before the present one ends an operand.
  bool AfterOperand() const {
    if (at_ == 0) return false;
    const Token& before = tokens_[at_ - 1];
    switch (before.kind) {
      case TokenKind::kIdentifier:
      case TokenKind::kNumber:
      case TokenKind::kString:
        return true;
      case TokenKind::kKeyword:
        return before.text == "True" || before.text == "False" ||
               before.text == "None" || before.text == "self";
      default:
        return before.text == ")" || before.text == "]" || before.text == "}";
    }
  }

  void Change(const Token& token) {
    switch (token.kind) {
      case TokenKind::kOperator: {
        const auto other = Other(kOperators, token.text);
        // A '*' or '**' elsewhere unpacks; a sign is turned round too.
        const bool sign = token.text == "-" || token.text == "+";
        if (other.has_value() && !in_signature_ && (AfterOperand() || sign)) {
          Replace(token, *other);
        }
        break;
      }
      case TokenKind::kNumber:
        ChangeNumber(token);
        break;
      case TokenKind::kIdentifier:
      case TokenKind::kKeyword:
        ChangeWord(token);
        break;
      default:
        break;
    }
  }

  void ChangeNumber(const Token& token) {
    std::int64_t value = 0;
    const char* const end = token.text.data() + token.text.size();
    const auto read = std::from_chars(token.text.data(), end, value);
    // Whole and decimal; an attribute or an exponent is none of them.
    if (read.ec != std::errc() || read.ptr != end || value >= INT64_MAX - 1) {
      return;
    }
    Replace(token, std::to_string(value + 1));
  }

  void ChangeWord(const Token& token) {
    if (const auto other = Other(kWords, token.text); other.has_value()) {
      Replace(token, *other);
    } else if (token.text == "not") {
      // "is not" becomes "is", "not in" becomes "in".
      edits_.push_back({token.offset, token.text.size(), "", "not dropped"});
    } else if (token.text == "if" || token.text == "elif" ||
               token.text == "while") {
      if (depth_ == 0 && condition_ == at_) TurnCondition();
    } else if (token.text == "return" && depth_ == 0) {
      DropReturned();
    }
  }

  // One behind the last token of the statement part that begins at `from`: up
  // to its line end, ';' or `stop` outside of brackets.
  std::size_t EndOf(std::size_t from, std::string_view stop) const {
    int depth = 0;
    std::size_t i = from;
    for (; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (depth <= 0 && (token.kind == TokenKind::kNewline ||
                         token.text == ";" || token.text == stop)) {
        break;
      }
      depth += NestingOf(token);
    }
    return i;
  }

  std::string_view TextOf(std::size_t from, std::size_t end) const {
    const Token& last = tokens_[end - 1];
    return source_.substr(tokens_[from].offset, last.offset + last.text.size() -
                                                    tokens_[from].offset);
  }

  bool Has(std::size_t from, std::size_t end, std::string_view word) const {
    return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(from),
                       tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](const Token& token) { return token.text == word; });
  }

  void TurnCondition() {
    const std::size_t from = at_ + 1;
    const std::size_t end = EndOf(from, ":");
    if (end == from || end >= tokens_.size() || tokens_[end].text != ":" ||
        Has(from, end, "lambda")) {
      return;
    }
    Replace(tokens_[from], tokens_[end - 1],
            "not (" + std::string(TextOf(from, end)) + ")",
            "condition turned round");
  }

  void DropReturned() {
    const std::size_t from = at_ + 1;
    const std::size_t end = EndOf(from, ";");
    if (end == from || TextOf(from, end) == "None") return;
    Replace(tokens_[from], tokens_[end - 1], "None", "None returned");
  }

  void BeginStatement() {
    in_signature_ = false;
    const Token& first = tokens_[at_];
    condition_ = at_;
    if (first.text == "def" || first.text == "class" || first.text == "async" ||
        first.text == "@" || first.text == "from" || first.text == "import") {
      in_signature_ = true;
      return;
    }
    if (first.kind != TokenKind::kIdentifier) return;
    // An assignment or a call: no keyword begins it.
    const std::size_t end = EndOf(at_, ";");
    const bool effect = Has(at_, end, "=") || Has(at_, end, "+=") ||
                        Has(at_, end, "-=") || Has(at_, end, "*=") ||
                        Has(at_, end, "(");
    // "match x:" and the like are no simple statements.
    if (!effect || tokens_[end - 1].text == ":") return;
    Replace(first, tokens_[end - 1], "pass", "statement left out");
  }

  const std::string_view source_;
  const std::vector<Token> tokens_;
  std::vector<Edit> edits_;
  std::size_t at_ = 0;
  std::size_t condition_ = 0;  // Where the statement begins.
  int depth_ = 0;
  bool statement_begins_ = true;
  bool in_signature_ = false;
};

}  // namespace

bool CanMutate(Language language) { return language == Language::kPython; }

std::vector<Mutant> MutantsOf(std::string_view source, Language language,
                              std::size_t most) {
  std::vector<Mutant> mutants;
  if (!CanMutate(language) || most == 0) return mutants;
  const std::vector<Edit> edits = Finder(source).Find();
  const std::size_t count = std::min(most, edits.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Edit& edit = edits[i * edits.size() / count];
    Mutant mutant;
    mutant.text = std::string(source.substr(0, edit.offset));
    mutant.line = 1 + static_cast<std::uint32_t>(std::count(
                          mutant.text.begin(), mutant.text.end(), '\n'));
    mutant.text += edit.by;
    mutant.text += source.substr(edit.offset + edit.size);
    mutant.change = edit.words;
    mutants.push_back(std::move(mutant));
  }
  return mutants;
}

}  // namespace evalloop::code_analysis
