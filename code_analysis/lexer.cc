#include "code_analysis/lexer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "code_analysis/lexer_strings.h"
#include "code_analysis/lexer_tables.h"

namespace evalloop::code_analysis {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

// A here-document whose body starts after the current line.
struct Heredoc {
  std::string_view word;
  bool indented = false;  // The closing word may stand after blanks.
};

class Lexer {
 public:
  Lexer(std::string_view source, Language language, LexOptions options)
      : source_(source), table_(TableOf(language)), options_(options) {
    tokens_.reserve(source.size() / 4 + 8);
  }

  std::vector<Token> Run() && {
    TakeRubyBlock();
    while (at_ < source_.size()) {
      const char c = source_[at_];
      // A CR is a part of the line end that follows it, else a blank.
      if (c == '\r' && Peek(1) == '\n') {
        TakeNewline(2);
      } else if (IsBlank(c)) {
        ++at_;
      } else if (c == '\n') {
        TakeNewline(1);
      } else {
        TakeToken();
      }
    }
    return std::move(tokens_);
  }

 private:
  bool Use(char c, ByteUse use) const {
    return (table_.uses[static_cast<unsigned char>(c)] & use) != 0;
  }

  char Peek(std::size_t ahead) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  void Emit(TokenKind kind, std::size_t end) {
    const std::string_view text = source_.substr(at_, end - at_);
    const bool keep = kind == TokenKind::kComment   ? options_.comments
                      : kind == TokenKind::kNewline ? options_.newlines
                                                    : true;
    if (keep) tokens_.push_back({kind, text, at_});
    if (kind != TokenKind::kComment) {
      last_kind_ = kind;
      last_text_ = text;
    }
    at_ = end;
  }

  void TakeNewline(std::size_t size) {
    Emit(TokenKind::kNewline, at_ + size);
    if (!heredocs_.empty()) {
      for (const Heredoc& heredoc : std::exchange(heredocs_, {})) {
        TakeHeredocBody(heredoc);
      }
    }
    TakeRubyBlock();
  }

  // At a line's start: "=begin" up to the line of "=end".
  void TakeRubyBlock() {
    if (!table_.ruby_blocks || source_.substr(at_, 6) != "=begin") return;
    const std::size_t close = source_.find("\n=end", at_);
    Emit(TokenKind::kComment, close == std::string_view::npos
                                  ? source_.size()
                                  : EndOfLine(source_, close + 1));
  }

  void TakeHeredocBody(const Heredoc& heredoc) {
    std::size_t line = at_;
    while (line < source_.size()) {
      const std::size_t end = EndOfLine(source_, line);
      std::string_view text = source_.substr(line, end - line);
      if (heredoc.indented) {
        const std::size_t first = text.find_first_not_of(" \t");
        text.remove_prefix(std::min(first, text.size()));
      }
      if (text == heredoc.word) {
        if (end > at_) Emit(TokenKind::kString, end);
        return;
      }
      const std::size_t next = source_.find('\n', end);
      line = next == std::string_view::npos ? source_.size() : next + 1;
    }
    if (at_ < source_.size()) Emit(TokenKind::kString, source_.size());
  }

  void TakeToken() {
    const char c = source_[at_];
    if (Use(c, kOpens) && (TakeComment() || TakeString())) return;
    if (Use(c, kStartsName)) {
      if (const std::size_t end = EndOfName(); end > at_) {
        const bool keyword =
            table_.keywords.Contains(source_.substr(at_, end - at_));
        Emit(keyword ? TokenKind::kKeyword : TokenKind::kIdentifier, end);
        return;
      }
    }
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      Emit(TokenKind::kNumber, EndOfNumber());
    } else if (!table_.regexes || c != '/' || !TakeRegex()) {
      NoteHeredoc();
      Emit(TokenKind::kOperator, at_ + OperatorSize());
    }
  }

  bool TakeComment() {
    const char c = source_[at_];
    if (at_ == 0 && c == '#' && Peek(1) == '!') {  // "#!/bin/sh" in any tongue.
      Emit(TokenKind::kComment, EndOfLine(source_, at_));
      return true;
    }
    for (const std::string_view mark : table_.line_comments) {
      if (c != mark[0] || source_.substr(at_, mark.size()) != mark) continue;
      if (table_.hash_at_word_start && at_ > 0 &&
          std::string_view(" \t\n;&|()").find(source_[at_ - 1]) ==
              std::string_view::npos) {
        continue;
      }
      Emit(TokenKind::kComment, EndOfLine(source_, at_));
      return true;
    }
    const std::string_view open = table_.block_open;
    if (open.empty() || c != open[0] ||
        source_.substr(at_, open.size()) != open) {
      return false;
    }
    Emit(TokenKind::kComment, EndOfBlockComment(source_, at_, table_));
    return true;
  }

  bool TakeString() {
    const bool may_fail =
        source_[at_] == '"' && table_.double_quote == Quote::kClosed;
    // One failed scan a line, so that lines of quotes stay linear.
    if (may_fail && at_ < unclosed_before_) return false;
    const std::size_t end = EndOfString(source_, at_, table_);
    if (end == 0) {
      if (may_fail) unclosed_before_ = EndOfLine(source_, at_);
      return false;
    }
    Emit(TokenKind::kString, end);
    return true;
  }

  // "/" divides after a value and opens a regular expression elsewhere.
  bool TakeRegex() {
    if (at_ < no_regex_before_) return false;
    const bool after_value =
        last_kind_ == TokenKind::kIdentifier ||
        last_kind_ == TokenKind::kNumber || last_kind_ == TokenKind::kString ||
        (last_kind_ == TokenKind::kKeyword &&
         (last_text_ == "this" || last_text_ == "super" ||
          last_text_ == "self" || last_text_ == "end")) ||
        (last_kind_ == TokenKind::kOperator &&
         (last_text_ == ")" || last_text_ == "]" || last_text_ == "}"));
    if (after_value) return false;
    const std::size_t end = EndOfRegex(source_, at_);
    if (end == 0) {
      no_regex_before_ = EndOfLine(source_, at_);
      return false;
    }
    Emit(TokenKind::kString, end);
    return true;
  }

  std::size_t EndOfNumber() const {
    const bool hex = source_[at_] == '0' && (Peek(1) | 0x20) == 'x';
    std::size_t end = at_;
    while (end < source_.size()) {
      const char c = source_[end];
      const char next = end + 1 < source_.size() ? source_[end + 1] : '\0';
      const char before = end > at_ ? source_[end - 1] : '\0';
      if (IsNamePart(c) ||
          (c == '\'' && table_.quoted_digits && IsNamePart(next)) ||
          (c == '.' && before != '.' && next != '.' &&
           (table_.dot_suffix || !IsNameStart(next)))) {
        ++end;
      } else if ((c == '+' || c == '-') && end > at_ && IsDigit(next) &&
                 (before | 0x20) == (hex ? 'p' : 'e')) {
        ++end;
      } else {
        break;
      }
    }
    return std::max(end, at_ + 1);
  }

  // at_ where no name starts there.
  std::size_t EndOfName() const {
    std::size_t end = at_;
    if (table_.ruby_names) {
      while (end - at_ < 2 && end < source_.size() && source_[end] == '@') {
        ++end;
      }
      if (end == at_ && source_[end] == '$') ++end;
    }
    if (table_.prefix == StringPrefix::kRust) {
      if (source_.substr(at_, 2) == "r#") end += 2;  // r#type
      if (source_[at_] == '\'') ++end;               // A lifetime.
    }
    if (end >= source_.size() || !Use(source_[end], kInName) ||
        IsDigit(source_[end])) {
      return at_;
    }
    while (end < source_.size() && Use(source_[end], kInName)) ++end;
    if (table_.ruby_names && end < source_.size() &&
        (source_[end] == '?' || source_[end] == '!') &&
        (end + 1 >= source_.size() || source_[end + 1] != '=')) {
      ++end;
    }
    return end;
  }

  std::size_t OperatorSize() const {
    const auto first = static_cast<unsigned char>(source_[at_]);
    if (table_.escapes && first == '\\' && at_ + 1 < source_.size() &&
        Peek(1) != '\n' && Peek(1) != '\r') {
      return 2;
    }
    if (first < 128) {
      const char second = Peek(1);
      for (const std::string_view word : table_.operators[first]) {
        if (word[1] == second && source_.substr(at_).starts_with(word)) {
          return word.size();
        }
      }
    }
    return 1;
  }

  // <<WORD, <<-WORD, <<~WORD, <<"WORD": remembers what ends the body.
  void NoteHeredoc() {
    if (!table_.heredocs || source_.substr(at_, 2) != "<<" || Peek(2) == '<' ||
        heredocs_.size() >= 16) {
      return;
    }
    std::size_t word = at_ + 2;
    const auto at = [&](std::size_t i) {
      return i < source_.size() ? source_[i] : '\0';
    };
    const bool marked = at(word) == '-' || at(word) == '~';
    if (marked) ++word;
    // In Ruby `a <<B` appends; only an upper-case word after a blank opens one.
    const bool ruby = table_.ruby_names;
    while (!ruby && at(word) == ' ') ++word;
    const char quote = at(word);
    const bool quoted = quote == '"' || quote == '\'' || quote == '`';
    if (quoted) ++word;
    if (!IsNameStart(at(word))) return;
    if (ruby && !marked && !quoted &&
        (last_kind_ == TokenKind::kNumber || !(quote >= 'A' && quote <= 'Z'))) {
      return;
    }
    std::size_t end = word;
    while (IsNamePart(at(end))) ++end;
    if (quoted && at(end) != quote) return;
    heredocs_.push_back({source_.substr(word, end - word), marked});
  }

  const std::string_view source_;
  const LanguageTable& table_;
  const LexOptions options_;
  std::size_t at_ = 0;
  TokenKind last_kind_ = TokenKind::kNewline;  // Latest that is no comment.
  std::string_view last_text_;
  std::size_t no_regex_before_ = 0;
  std::size_t unclosed_before_ = 0;
  std::vector<Heredoc> heredocs_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Lex(std::string_view source, Language language,
                       LexOptions options) {
  return Lexer(source, language, options).Run();
}

}  // namespace evalloop::code_analysis
