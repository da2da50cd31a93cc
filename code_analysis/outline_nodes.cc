#include "code_analysis/outline_nodes.h"

#include <algorithm>
#include <array>

#include "code_analysis/outline.h"
#include "code_analysis/trees.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r\n";
constexpr std::size_t kBytesAbove = 12 << 10;

template <std::size_t N>
bool IsOneOf(std::string_view kind,
             const std::array<std::string_view, N>& kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::size_t OffsetOfLine(std::string_view text, std::uint32_t line) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return at;
    at = end + 1;
  }
  return at;
}

}  // namespace

bool IsFunction(std::string_view kind) {
  constexpr std::array<std::string_view, 15> kFunctions = {
      "function_definition",
      "function_declaration",
      "generator_function_declaration",
      "method_definition",
      "method_declaration",
      "constructor_declaration",
      "function_item",
      "function",
      "function_expression",
      "arrow_function",
      "method",
      "singleton_method",
      "local_function_statement",
      "func_literal",
      "lambda"};
  return IsOneOf(kind, kFunctions);
}

bool IsType(std::string_view kind) {
  constexpr std::array<std::string_view, 13> kTypes = {"class_definition",
                                                       "class_declaration",
                                                       "class_specifier",
                                                       "struct_specifier",
                                                       "struct_item",
                                                       "impl_item",
                                                       "trait_item",
                                                       "interface_declaration",
                                                       "enum_declaration",
                                                       "struct_declaration",
                                                       "class",
                                                       "module",
                                                       "trait_declaration"};
  return IsOneOf(kind, kTypes);
}

bool IsBlock(std::string_view kind) {
  constexpr std::array<std::string_view, 8> kBlocks = {"block",
                                                       "statement_block",
                                                       "compound_statement",
                                                       "constructor_body",
                                                       "then",
                                                       "do",
                                                       "body_statement",
                                                       "do_group"};
  return IsOneOf(kind, kBlocks);
}

bool IsStatement(std::string_view kind) {
  constexpr std::array<std::string_view, 15> kStatements = {
      "expression_statement",
      "return_statement",
      "assert_statement",
      "raise_statement",
      "throw_statement",
      "delete_statement",
      "lexical_declaration",
      "variable_declaration",
      "local_variable_declaration",
      "local_declaration_statement",
      "short_var_declaration",
      "assignment_statement",
      "declaration",
      "let_declaration",
      "call"};
  return IsOneOf(kind, kStatements);
}

bool OutlineSeesAll(std::string_view text) {
  return text.size() <= kMaxParsedBytes;
}

OutlineWindow WindowAround(std::string_view text, std::uint32_t line) {
  if (OutlineSeesAll(text)) return {text};
  const std::size_t at = OffsetOfLine(text, line);
  std::size_t begin = at > kBytesAbove ? at - kBytesAbove : 0;
  for (std::size_t i = begin; i < at; ++i) {
    const std::size_t gap = text.find("\n\n", i);
    if (gap == std::string_view::npos || gap + 2 >= at) break;
    const char first = text[gap + 2];
    if (kBlanks.find(first) == std::string_view::npos && first != '}') {
      begin = gap + 2;
      break;
    }
    i = gap;
  }
  if (begin > 0 && text[begin - 1] != '\n') begin = text.find('\n', begin) + 1;
  if (begin > at) begin = at;
  std::size_t size = std::min(kMaxParsedBytes, text.size() - begin);
  if (begin + size < text.size()) {
    const std::size_t end = text.rfind('\n', begin + size - 1);
    if (end != std::string_view::npos && end >= begin) size = end + 1 - begin;
  }
  return {text.substr(begin, size), begin,
          static_cast<std::uint32_t>(std::count(
              text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin),
              '\n'))};
}

}  // namespace evalloop::code_analysis
