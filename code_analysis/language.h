#ifndef EVALLOOP_CODE_ANALYSIS_LANGUAGE_H_
#define EVALLOOP_CODE_ANALYSIS_LANGUAGE_H_

#include <cstdint>
#include <string_view>

namespace evalloop::code_analysis {

// Languages that the lexer has tables for. Anything else is kUnknown, which
// every function of this folder takes too.
enum class Language : std::uint8_t {
  kUnknown,
  kPython,
  kJavaScript,
  kTypeScript,
  kTsx,
  kGo,
  kJava,
  kC,
  kCpp,
  kRust,
  kRuby,
  kBash,
  kCSharp,
  kPhp,
};

// By file name alone ("src/a.cc" -> kCpp, "Rakefile" -> kRuby); ASCII case of
// the extension is ignored. ".h" is kCpp: C++'s tables cover C's.
Language LanguageOfPath(std::string_view path);

// Lower-case name as files and protocols write it: "python", "cpp", "unknown".
std::string_view NameOf(Language language);

// Inverse of NameOf, ignoring ASCII case; also takes common other names ("py",
// "c++", "js", "golang", "sh"). kUnknown for anything else.
Language ParseLanguage(std::string_view name);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LANGUAGE_H_
