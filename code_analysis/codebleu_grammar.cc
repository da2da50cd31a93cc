#include "code_analysis/codebleu_grammar.h"

#include <algorithm>

// Keyword lists of codebleu 0.7.0 (MIT, Microsoft Corporation and Konstantin
// Chernyshev), as they are.

namespace evalloop::code_analysis {
namespace {

using Grammar = CodeBleuGrammar;

constexpr std::string_view kJavaKeywords =
    "abstract assert boolean break byte case catch char class const "
    "continue default do double else enum extends final finally float for "
    "goto if implements import instanceof int interface long native new "
    "package private protected public return short static strictfp super "
    "switch synchronized this throw throws transient try void volatile "
    "while";
constexpr std::string_view kJavaScriptKeywords =
    "await break case catch class const continue debugger default delete do "
    "else enum export extends false finally for function if implements "
    "import in instanceof interface let new null package private protected "
    "public return super switch static this throw try True typeof var void "
    "while with yield";
constexpr std::string_view kCSharpKeywords =
    "abstract as base bool break byte case catch char checked class const "
    "continue decimal default delegate do double else enum event explicit "
    "extern false finally fixed float for foreach goto if implicit in int "
    "interface internal is lock long namespace new null object operator out "
    "override params private protected public readonly ref return sbyte "
    "sealed short sizeof stackalloc static string struct switch this throw "
    "true try typeof uint ulong unchecked unsafe ushort using virtual void "
    "volatile while add alias ascending async await by descending dynamic "
    "equals from get global group into join let nameof notnull on orderby "
    "partial remove select set unmanaged value var when where yield";
constexpr std::string_view kPhpKeywords =
    "__halt_compiler abstract and array as break callable case catch class "
    "clone const continue declare default die do echo else elseif empty "
    "enddeclare endfor endforeach endif endswitch endwhile eval exit "
    "extends final for foreach function global goto if implements include "
    "include_once instanceof insteadof interface isset list namespace new "
    "or print private protected public require require_once return static "
    "switch throw trait try unset use var while xor";
constexpr std::string_view kCKeywords =
    "auto else long switch break enum register typedef case extern return "
    "union char float short unsigned const for signed void continue goto "
    "sizeof volatile default if static while do int struct _Packed double";
constexpr std::string_view kCppKeywords =
    "auto const double float int short struct unsigned break continue else "
    "for long signed switch void case default enum goto register sizeof "
    "typedef volatile char do extern if return static union while asm "
    "dynamic_cast namespace reinterpret_cast bool explicit new static_cast "
    "typeid catch false try operator template typename class friend private "
    "this using const_cast inline public throw virtual delete mutable "
    "protected true wchar_t and bitand compl not_eq or_eq xor_eq and_eq "
    "bitor not or xor cin endl INT_MIN iomanip main npos std cout include "
    "INT_MAX iostream MAX_RAND NULL string";
constexpr std::string_view kPythonKeywords =
    "False None True and as assert async await break class continue def del "
    "elif else except finally for from global if import in is lambda "
    "nonlocal not or pass raise return try while with yield match case type";
constexpr std::string_view kGoKeywords =
    "break default func interface select case defer go map struct chan else "
    "goto package switch const fallthrough if range type continue for "
    "import return var false true";
constexpr std::string_view kRubyKeywords =
    "__ENCODING__ __LINE__ __FILE__ BEGIN END alias and begin break case "
    "class def defined? do else elsif end ensure false for if in module "
    "next nil not or redo rescue retry return self super then true undef "
    "unless until when while yield";
constexpr std::string_view kRustKeywords =
    "as async await block bool break char const continue crate default dyn "
    "else enum expr extern f32 f64 false fn for i128 i16 i32 i64 i8 ident "
    "if impl in isize item let lifetime literal loop macro_rules! match "
    "meta mod move mut pat path pub ref return self static stmt str struct "
    "super trait true tt ty type u128 u16 u32 u64 u8 union unsafe use usize "
    "vis where while yield";

CodeBleuGrammar::Types Words(std::string_view text) {
  CodeBleuGrammar::Types words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.insert(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Grammar Java() {
  return {.name = "java",
          .definition = {"variable_declarator"},
          .assignment = {"assignment_expression"},
          .increment = {"update_expression"},
          .branch = {"if_statement", "else"},
          .loop = {"for_statement"},
          .loop_start = "local_variable_declaration",
          .each = {"enhanced_for_statement"},
          .each_name = "name",
          .each_value = "value",
          .repeat = {"while_statement"},
          .keywords = Words(kJavaKeywords)};
}

// C and C++ are treated as C#.
Grammar CSharp(std::string_view name, std::string_view keywords) {
  return {.name = name,
          .definition = {"variable_declarator"},
          .definition_form = Grammar::Definition::kTwoChildren,
          .assignment = {"assignment_expression"},
          .increment = {"postfix_unary_expression"},
          .branch = {"if_statement", "else"},
          .loop = {"for_statement"},
          .loop_start = "local_variable_declaration",
          .each = {"for_each_statement"},
          .repeat = {"while_statement"},
          .keywords = Words(keywords)};
}

Grammar JavaScript() {
  return {
      .name = "javascript",
      .definition = {"variable_declarator"},
      .assignment = {"assignment_pattern", "augmented_assignment_expression"},
      .increment = {"update_expression"},
      .branch = {"if_statement", "else"},
      .merge = Grammar::Merge::kUnlessElseAndBefore,
      .loop = {"for_statement"},
      .loop_start = "variable_declaration",
      .repeat = {"while_statement"},
      .keywords = Words(kJavaScriptKeywords)};
}

Grammar Php() {
  return {.name = "php",
          .definition = {"simple_parameter"},
          .definition_value = "default_value",
          .assignment = {"assignment_expression",
                         "augmented_assignment_expression"},
          .increment = {"update_expression"},
          .branch = {"if_statement", "else_clause"},
          .merge = Grammar::Merge::kBefore,
          .loop = {"for_statement"},
          .loop_start = "assignment_expression",
          .each = {"foreach_statement"},
          .each_name = {},  // The second and the first variable_name.
          .each_value = {},
          .repeat = {"while_statement"},
          .keywords = Words(kPhpKeywords)};
}

Grammar Python() {
  return {.name = "python",
          .definition = {"default_parameter"},
          .assignment = {"assignment", "augmented_assignment", "for_in_clause"},
          .many_targets = true,
          .branch = {"if_statement"},
          .branches = Grammar::Branches::kClauses,
          .loop = {"for_statement"},
          .repeat = {"while_statement"},
          .first = {"for_in_clause"},
          .keywords = Words(kPythonKeywords)};
}

Grammar Go() {
  return {.name = "go",
          .definition = {"var_spec"},
          .assignment = {"assignment_statement"},
          .increment = {"inc_statement"},
          .branch = {"if_statement", "else"},
          .merge = Grammar::Merge::kUnlessElseAndBefore,
          .loop = {"for_statement"},
          .loop_start = "for_clause",
          .keywords = Words(kGoKeywords)};
}

Grammar Ruby() {
  return {.name = "ruby",
          .definition = {"keyword_parameter"},
          .assignment = {"assignment", "operator_assignment"},
          .many_targets = true,
          .branch = {"if", "elsif", "else", "unless", "when"},
          .branches = Grammar::Branches::kNested,
          .loop = {"for"},
          .repeat = {"while_modifier", "until"},
          .shared = true,
          .keywords = Words(kRubyKeywords)};
}

Grammar Rust() {
  return {
      .name = "rust",
      .definition = {"function_item"},
      .definition_form = Grammar::Definition::kSecondChild,
      .assignment = {"assignment_expression", "compound_assignment_expr",
                     "let_expression"},
      .branch = {"if_expression", "if_let_expression", "match_expression",
                 "else"},
      .loop = {"for_expression"},
      .loop_start = "local_variable_declaration",
      .each = {"for_each_statement"},
      .repeat = {"while_expression", "while_let_expression", "loop_expression"},
      .keywords = Words(kRustKeywords)};
}

}  // namespace

const CodeBleuGrammar* CodeBleuGrammarOf(Language language) {
  static const Grammar java = Java();
  static const Grammar javascript = JavaScript();
  static const Grammar csharp = CSharp("c_sharp", kCSharpKeywords);
  static const Grammar php = Php();
  static const Grammar c = CSharp("c", kCKeywords);
  static const Grammar cpp = CSharp("cpp", kCppKeywords);
  static const Grammar python = Python();
  static const Grammar go = Go();
  static const Grammar ruby = Ruby();
  static const Grammar rust = Rust();
  switch (language) {
    case Language::kJava:
      return &java;
    case Language::kJavaScript:
      return &javascript;
    case Language::kCSharp:
      return &csharp;
    case Language::kPhp:
      return &php;
    case Language::kC:
      return &c;
    case Language::kCpp:
      return &cpp;
    case Language::kPython:
      return &python;
    case Language::kGo:
      return &go;
    case Language::kRuby:
      return &ruby;
    case Language::kRust:
      return &rust;
    case Language::kTypeScript:
    case Language::kTsx:
    case Language::kBash:
    case Language::kUnknown:
      break;
  }
  return nullptr;
}

}  // namespace evalloop::code_analysis
