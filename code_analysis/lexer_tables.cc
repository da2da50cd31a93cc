#include "code_analysis/lexer_tables.h"

#include <algorithm>

#include "code_analysis/lexer_strings.h"

namespace evalloop::code_analysis {
namespace {

// Longest match first needs no order here: Words() sorts by length.
constexpr std::string_view kCommonOperators =
    "== != <= >= && || << >> += -= *= /= %= &= |= ^= <<= >>=";

constexpr std::string_view kPythonKeywords =
    "False None True and as assert async await break class continue def del "
    "elif else except finally for from global if import in is lambda nonlocal "
    "not or pass raise return try while with yield";
constexpr std::string_view kJavaScriptKeywords =
    "async await break case catch class const continue debugger default delete "
    "do else export extends false finally for function if import in instanceof "
    "let new null of return static super switch this throw true try typeof "
    "undefined var void while with yield";
constexpr std::string_view kTypeScriptKeywords =
    "abstract any as asserts boolean declare enum implements infer interface "
    "is keyof namespace never number override private protected public "
    "readonly satisfies string symbol type unique unknown";
constexpr std::string_view kGoKeywords =
    "break case chan const continue default defer else fallthrough false for "
    "func go goto if import interface iota map nil package range return select "
    "struct switch true type var";
constexpr std::string_view kJavaKeywords =
    "abstract assert boolean break byte case catch char class const continue "
    "default do double else enum extends false final finally float for goto if "
    "implements import instanceof int interface long native new null package "
    "permits private protected public record return sealed short static "
    "strictfp super switch synchronized this throw throws transient true try "
    "var void volatile while yield";
constexpr std::string_view kCKeywords =
    "auto break case char const continue default do double else enum extern "
    "float for goto if inline int long register restrict return short signed "
    "sizeof static struct switch typedef union unsigned void volatile while "
    "_Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn "
    "_Static_assert _Thread_local bool true false NULL";
constexpr std::string_view kCppKeywords =
    "alignas alignof and and_eq asm bitand bitor catch char8_t char16_t "
    "char32_t class co_await co_return co_yield compl concept const_cast "
    "consteval constexpr constinit decltype delete dynamic_cast explicit "
    "export "
    "final friend mutable namespace new noexcept not not_eq nullptr operator "
    "or or_eq override private protected public reinterpret_cast requires "
    "static_assert static_cast template this thread_local throw try typeid "
    "typename using virtual wchar_t xor xor_eq";
constexpr std::string_view kRustKeywords =
    "Self as async await box break const continue crate dyn else enum extern "
    "false fn for if impl in let loop macro match mod move mut pub ref return "
    "self static struct super trait true type union unsafe use where while "
    "yield bool char str i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize "
    "f32 f64";
constexpr std::string_view kRubyKeywords =
    "BEGIN END alias and begin break case class def defined? do else elsif end "
    "ensure false for if in module next nil not or redo rescue retry return "
    "self super then true undef unless until when while yield __FILE__ "
    "__LINE__ __method__";
constexpr std::string_view kBashKeywords =
    "break case continue coproc declare do done elif else esac eval exec exit "
    "export fi for function if in local readonly return select set shift "
    "source then time trap unset until while";

constexpr std::string_view kCSharpKeywords =
    "abstract as async await base bool break byte case catch char checked "
    "class "
    "const continue decimal default delegate do double else enum event "
    "explicit "
    "extern false finally fixed float for foreach get goto if implicit in init "
    "int interface internal is lock long nameof namespace new null object "
    "operator out override params partial private protected public readonly "
    "record ref return sbyte sealed set short sizeof stackalloc static string "
    "struct switch this throw true try typeof uint ulong unchecked unsafe "
    "ushort using var virtual void volatile when where while yield";
constexpr std::string_view kPhpKeywords =
    "abstract and array as break callable case catch class clone const "
    "continue "
    "declare default die do echo else elseif empty enddeclare endfor "
    "endforeach "
    "endif endswitch endwhile enum eval exit extends false final finally fn "
    "for "
    "foreach function global goto if implements include include_once "
    "instanceof "
    "insteadof interface isset list match namespace new null or print private "
    "protected public readonly require require_once return static switch throw "
    "trait true try unset use var while xor yield";

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

void AddKeywords(LanguageTable& table, std::string_view text) {
  for (const std::string_view word : Words(text)) table.keywords.Insert(word);
}

void AddOperators(LanguageTable& table, std::string_view text) {
  for (const std::string_view word : Words(text)) {
    auto& bucket = table.operators[static_cast<unsigned char>(word.front())];
    bucket.push_back(word);
    std::stable_sort(bucket.begin(), bucket.end(),
                     [](std::string_view a, std::string_view b) {
                       return a.size() > b.size();
                     });
  }
}

LanguageTable Base() {
  LanguageTable table;
  AddOperators(table, kCommonOperators);
  return table;
}

// Comments and blocks as C has them.
LanguageTable CFamily() {
  LanguageTable table = Base();
  table.line_comments = {"//"};
  table.block_open = "/*";
  table.block_close = "*/";
  AddOperators(table, "++ --");
  return table;
}

// Any text at all: prose has apostrophes, so only what a line closes in double
// quotes is a string, and nothing is a comment.
LanguageTable Unknown() {
  LanguageTable table = Base();
  table.single_quote = Quote::kNone;
  table.double_quote = Quote::kClosed;
  AddOperators(table, "-> => :: ++ -- ** === !== ...");
  return table;
}

LanguageTable Python() {
  LanguageTable table = Base();
  table.line_comments = {"#"};
  table.triple_double = table.triple_single = true;
  table.prefix = StringPrefix::kPython;
  AddKeywords(table, kPythonKeywords);
  AddOperators(table, "** // **= //= -> := @= ...");
  return table;
}

LanguageTable JavaScript() {
  LanguageTable table = CFamily();
  table.backtick = Quote::kTemplate;
  table.dollar_names = true;
  table.regexes = true;
  AddKeywords(table, kJavaScriptKeywords);
  AddOperators(table, "=== !== ** **= => ?. ?? ?\?= &&= ||= >>> >>>= ...");
  return table;
}

LanguageTable TypeScript() {
  LanguageTable table = JavaScript();
  AddKeywords(table, kTypeScriptKeywords);
  return table;
}

LanguageTable Go() {
  LanguageTable table = CFamily();
  table.backtick = Quote::kRaw;
  AddKeywords(table, kGoKeywords);
  AddOperators(table, ":= <- &^ &^= ...");
  return table;
}

LanguageTable Java() {
  LanguageTable table = CFamily();
  table.triple_double = true;
  table.dollar_names = true;
  table.dot_suffix = true;
  AddKeywords(table, kJavaKeywords);
  AddOperators(table, "-> :: >>> >>>= ...");
  return table;
}

LanguageTable C() {
  LanguageTable table = CFamily();
  table.prefix = StringPrefix::kCpp;
  table.dot_suffix = true;
  AddKeywords(table, kCKeywords);
  AddOperators(table, "-> ## ...");
  return table;
}

LanguageTable Cpp() {
  LanguageTable table = C();
  table.quoted_digits = true;
  AddKeywords(table, kCppKeywords);
  AddOperators(table, ":: <=> ->* .*");
  return table;
}

LanguageTable Rust() {
  LanguageTable table = CFamily();
  table.nested_blocks = true;
  table.single_quote = Quote::kRustChar;
  table.double_quote = Quote::kSpan;
  table.prefix = StringPrefix::kRust;
  AddKeywords(table, kRustKeywords);
  AddOperators(table, "-> => :: .. ..= ...");
  return table;
}

LanguageTable Ruby() {
  LanguageTable table = Base();
  table.line_comments = {"#"};
  table.backtick = Quote::kLine;
  table.ruby_names = true;
  table.ruby_blocks = true;
  table.interpolation = true;
  table.regexes = true;
  table.heredocs = true;
  AddKeywords(table, kRubyKeywords);
  AddOperators(table,
               "=== <=> =~ !~ ** **= => -> :: .. ... &. &&= ||= <<~ <<-");
  return table;
}

LanguageTable Bash() {
  LanguageTable table = Base();
  table.line_comments = {"#"};
  table.hash_at_word_start = true;
  table.single_quote = Quote::kRaw;
  table.double_quote = Quote::kSpan;
  table.prefix = StringPrefix::kShell;
  table.heredocs = true;
  table.escapes = true;
  AddKeywords(table, kBashKeywords);
  AddOperators(table, "=~ ;; [[ ]] (( )) $( ${ <<< <<- >& &> ++ -- ** :- :=");
  return table;
}

LanguageTable CSharp() {
  LanguageTable table = CFamily();
  table.triple_double = true;
  AddKeywords(table, kCSharpKeywords);
  AddOperators(table, "=> -> :: ?. ?? ?\?= .. >>> >>>=");
  return table;
}

LanguageTable Php() {
  LanguageTable table = CFamily();
  table.line_comments = {"//", "#"};
  table.single_quote = Quote::kSpan;
  table.double_quote = Quote::kSpan;
  table.backtick = Quote::kSpan;
  table.dollar_names = true;
  AddKeywords(table, kPhpKeywords);
  AddOperators(
      table, "=== !== <> <=> ** **= => -> ?-> :: .= ?? ?\?= ... <?php <?= ?>");
  return table;
}

std::string_view PrefixBytes(StringPrefix prefix) {
  switch (prefix) {
    case StringPrefix::kNone:
      return "";
    case StringPrefix::kPython:
      return "rRbBuUfFtT";
    case StringPrefix::kCpp:
      return "uULR";
    case StringPrefix::kRust:
      return "bcr";
    case StringPrefix::kShell:
      return "$";
  }
  return "";
}

// The table with its `uses` filled in.
LanguageTable WithUses(LanguageTable table) {
  const auto mark = [&](std::string_view bytes, int use) {
    for (const char c : bytes) {
      table.uses[static_cast<unsigned char>(c)] |=
          static_cast<std::uint8_t>(use);
    }
  };
  for (std::size_t i = 0; i < table.uses.size(); ++i) {
    const char c = static_cast<char>(i);
    if (IsNameStart(c)) table.uses[i] |= kStartsName;
    if (IsNamePart(c)) table.uses[i] |= kInName;
  }
  if (table.dollar_names) mark("$", kStartsName | kInName);
  if (table.ruby_names) mark("@$", kStartsName);
  if (table.prefix == StringPrefix::kRust) mark("'", kStartsName);
  mark("#\"'`", kOpens);  // "#!" in any language.
  mark(PrefixBytes(table.prefix), kOpens);
  for (const std::string_view comment : table.line_comments) {
    mark(comment.substr(0, 1), kOpens);
  }
  mark(table.block_open.substr(0, 1), kOpens);
  return table;
}

}  // namespace

void WordSet::Insert(std::string_view word) {
  Bucket& bucket = buckets_[static_cast<unsigned char>(word.front())];
  bucket.sizes |= std::uint32_t{1} << word.size();
  bucket.words.push_back(word);
}

const LanguageTable& TableOf(Language language) {
  static const LanguageTable unknown = WithUses(Unknown());
  static const LanguageTable python = WithUses(Python());
  static const LanguageTable javascript = WithUses(JavaScript());
  static const LanguageTable typescript = WithUses(TypeScript());
  static const LanguageTable go = WithUses(Go());
  static const LanguageTable java = WithUses(Java());
  static const LanguageTable c = WithUses(C());
  static const LanguageTable cpp = WithUses(Cpp());
  static const LanguageTable rust = WithUses(Rust());
  static const LanguageTable ruby = WithUses(Ruby());
  static const LanguageTable bash = WithUses(Bash());
  static const LanguageTable csharp = WithUses(CSharp());
  static const LanguageTable php = WithUses(Php());
  switch (language) {
    case Language::kUnknown:
      return unknown;
    case Language::kPython:
      return python;
    case Language::kJavaScript:
      return javascript;
    case Language::kTypeScript:
    case Language::kTsx:
      return typescript;
    case Language::kGo:
      return go;
    case Language::kJava:
      return java;
    case Language::kC:
      return c;
    case Language::kCpp:
      return cpp;
    case Language::kRust:
      return rust;
    case Language::kRuby:
      return ruby;
    case Language::kBash:
      return bash;
    case Language::kCSharp:
      return csharp;
    case Language::kPhp:
      return php;
  }
  return unknown;
}

}  // namespace evalloop::code_analysis
