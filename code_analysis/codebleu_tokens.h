#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_TOKENS_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_TOKENS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "code_analysis/codebleu_grammar.h"
#include "code_analysis/codebleu_tree.h"

namespace evalloop::code_analysis {

// What a node's type means to the data flow of its language.
struct FlowType {
  bool string = false;  // A token in spite of its children.
  bool comment = false;
  bool comma = false;
  bool identifier = false;
  bool has_else = false;  // "else" is in its name.
  bool clause = false;    // Python's elif_clause, else_clause.
  bool definition = false;
  bool assignment = false;
  bool increment = false;
  bool branch = false;
  bool loop = false;
  bool each = false;
  bool repeat = false;
  bool first = false;
};

// The tokens of a tree: its leaves and strings, numbered from left to right,
// and the text of each as a number.
class FlowTokens {
 public:
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);
  struct Token {
    std::uint32_t number = 0;
    std::uint32_t code = 0;  // Equal texts have equal numbers.
  };

  FlowTokens(std::u32string_view text, const FlatTree& tree,
             const CodeBleuGrammar& grammar);

  // False where the tree is deeper than `limit` levels.
  bool Number(std::uint32_t limit);

  bool IsToken(std::uint32_t node) const {
    return (tree_.nodes[node].child_count == 0 || types_[node]->string) &&
           !types_[node]->comment;
  }
  const FlowType& TypeOf(std::uint32_t node) const { return *types_[node]; }
  // Null for what stands within a string, unless it is as wide as a token.
  const Token* TokenOf(std::uint32_t node) const {
    return token_of_[node] == kNone ? nullptr : &tokens_[token_of_[node]];
  }
  // Whether a token's text is its node's type, as "return" is.
  bool IsItsType(std::uint32_t node) const { return is_its_type_[node]; }
  // The tokens below a node (or the node) whose text is not their type; null
  // where one of them has no number.
  std::optional<std::vector<Token>> VariablesOf(std::uint32_t node) const;
  std::size_t codes() const { return codes_.size(); }

 private:
  std::u32string TextOf(const FlatTree::Node& node) const;

  std::vector<std::u32string_view> lines_;
  const FlatTree& tree_;
  std::vector<const FlowType*> types_;  // Of each node.
  std::unordered_map<const char*, FlowType> type_of_name_;
  std::vector<std::uint32_t> token_of_;
  std::vector<bool> is_its_type_;
  std::vector<Token> tokens_;
  std::unordered_map<std::u32string, std::uint32_t> codes_;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_TOKENS_H_
