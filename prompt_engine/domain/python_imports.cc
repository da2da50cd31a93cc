#include "prompt_engine/domain/python_imports.h"

#include <cstddef>
#include <utility>

#include "code_analysis/lexer.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::Token;
using code_analysis::TokenKind;

// Reads the statements of a file.
class Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(text),
        tokens_(code_analysis::Lex(text, code_analysis::Language::kPython,
                                   {.comments = false, .newlines = true})) {}

  std::vector<PythonImport> Read() {
    int depth = 0;
    bool starts = true;  // Whether a statement does here.
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_];
      if (starts && token.text == "import") {
        ++at_;
        ReadImport(AtMargin(token));
      } else if (starts && token.text == "from") {
        ++at_;
        ReadFrom(AtMargin(token));
      } else {
        if (token.kind == TokenKind::kOperator) {
          if (Is("(") || Is("[") || Is("{")) ++depth;
          if (depth > 0 && (Is(")") || Is("]") || Is("}"))) --depth;
        }
        starts = depth == 0 && (EndsLine() || Is(";") || Is(":"));
        ++at_;
        continue;
      }
      starts = false;  // Until what ends the import says otherwise.
    }
    return std::move(imports_);
  }

 private:
  bool AtMargin(const Token& token) const {
    return token.offset == 0 || text_[token.offset - 1] == '\n';
  }
  bool Is(std::string_view text) const {
    return at_ < tokens_.size() && tokens_[at_].text == text;
  }
  // A line end, unless a backslash stands before it.
  bool EndsLine() const {
    return tokens_[at_].kind == TokenKind::kNewline &&
           (at_ == 0 || tokens_[at_ - 1].text != "\\");
  }
  bool IsName() const {
    return at_ < tokens_.size() &&
           (tokens_[at_].kind == TokenKind::kIdentifier ||
            tokens_[at_].kind == TokenKind::kKeyword) &&
           !Is("import") && !Is("as");
  }

  // "a.b.c", perhaps nothing.
  std::string ReadName() {
    std::string name;
    while (IsName()) {
      name += tokens_[at_++].text;
      if (!Is(".")) break;
      name += '.';
      ++at_;
    }
    return name;
  }

  void SkipAlias() {
    if (!Is("as")) return;
    ++at_;
    if (IsName()) ++at_;
  }

  void ReadImport(bool must) {
    while (true) {
      PythonImport one;
      one.must = must;
      one.module = ReadName();
      if (one.module.empty()) return;
      imports_.push_back(std::move(one));
      SkipAlias();
      if (!Is(",")) return;
      ++at_;
    }
  }

  void ReadFrom(bool must) {
    PythonImport one;
    one.must = must;
    while (at_ < tokens_.size() &&
           tokens_[at_].text.find_first_not_of('.') == std::string_view::npos) {
      one.dots += static_cast<int>(tokens_[at_++].text.size());
    }
    one.module = ReadName();
    if (!Is("import")) return;  // "yield from", and such.
    ++at_;
    const bool within = Is("(");
    while (at_ < tokens_.size() && !Is(")") && !Is(";")) {
      if (tokens_[at_].kind == TokenKind::kNewline && !within && EndsLine()) {
        break;
      }
      if (IsName() || Is("*")) {
        one.names.emplace_back(tokens_[at_++].text);
        SkipAlias();
      } else {
        ++at_;
      }
    }
    if (!one.names.empty()) imports_.push_back(std::move(one));
  }

  const std::string_view text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<PythonImport> imports_;
};

}  // namespace

std::vector<PythonImport> PythonImports(std::string_view text) {
  return Reader(text).Read();
}

}  // namespace evalloop::prompt_engine
