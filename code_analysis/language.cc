#include "code_analysis/language.h"

#include <array>
#include <string>
#include <utility>

namespace evalloop::code_analysis {
namespace {

using Entry = std::pair<std::string_view, Language>;

constexpr std::array kNames = {
    Entry{"unknown", Language::kUnknown},
    Entry{"python", Language::kPython},
    Entry{"javascript", Language::kJavaScript},
    Entry{"typescript", Language::kTypeScript},
    Entry{"tsx", Language::kTsx},
    Entry{"go", Language::kGo},
    Entry{"java", Language::kJava},
    Entry{"c", Language::kC},
    Entry{"cpp", Language::kCpp},
    Entry{"rust", Language::kRust},
    Entry{"ruby", Language::kRuby},
    Entry{"bash", Language::kBash},
    Entry{"csharp", Language::kCSharp},
    Entry{"php", Language::kPhp},
};

constexpr std::array kOtherNames = {
    Entry{"py", Language::kPython},
    Entry{"python3", Language::kPython},
    Entry{"js", Language::kJavaScript},
    Entry{"jsx", Language::kJavaScript},
    Entry{"node", Language::kJavaScript},
    Entry{"javascriptreact", Language::kJavaScript},
    Entry{"ts", Language::kTypeScript},
    Entry{"typescriptreact", Language::kTsx},
    Entry{"golang", Language::kGo},
    Entry{"c++", Language::kCpp},
    Entry{"cc", Language::kCpp},
    Entry{"cxx", Language::kCpp},
    Entry{"rs", Language::kRust},
    Entry{"rb", Language::kRuby},
    Entry{"sh", Language::kBash},
    Entry{"shell", Language::kBash},
    Entry{"shellscript", Language::kBash},
    Entry{"zsh", Language::kBash},
    Entry{"c_sharp", Language::kCSharp},
    Entry{"c#", Language::kCSharp},
    Entry{"cs", Language::kCSharp},
};

constexpr std::array kExtensions = {
    Entry{"py", Language::kPython},      Entry{"pyi", Language::kPython},
    Entry{"pyw", Language::kPython},     Entry{"js", Language::kJavaScript},
    Entry{"jsx", Language::kJavaScript}, Entry{"mjs", Language::kJavaScript},
    Entry{"cjs", Language::kJavaScript}, Entry{"ts", Language::kTypeScript},
    Entry{"mts", Language::kTypeScript}, Entry{"cts", Language::kTypeScript},
    Entry{"tsx", Language::kTsx},        Entry{"go", Language::kGo},
    Entry{"java", Language::kJava},      Entry{"c", Language::kC},
    Entry{"h", Language::kCpp},          Entry{"cc", Language::kCpp},
    Entry{"cpp", Language::kCpp},        Entry{"cxx", Language::kCpp},
    Entry{"c++", Language::kCpp},        Entry{"hh", Language::kCpp},
    Entry{"hpp", Language::kCpp},        Entry{"hxx", Language::kCpp},
    Entry{"h++", Language::kCpp},        Entry{"inl", Language::kCpp},
    Entry{"ipp", Language::kCpp},        Entry{"tcc", Language::kCpp},
    Entry{"cu", Language::kCpp},         Entry{"cuh", Language::kCpp},
    Entry{"rs", Language::kRust},        Entry{"rb", Language::kRuby},
    Entry{"rake", Language::kRuby},      Entry{"gemspec", Language::kRuby},
    Entry{"sh", Language::kBash},        Entry{"bash", Language::kBash},
    Entry{"zsh", Language::kBash},       Entry{"bats", Language::kBash},
    Entry{"cs", Language::kCSharp},      Entry{"php", Language::kPhp},
};

constexpr std::array kFileNames = {
    Entry{"rakefile", Language::kRuby},
    Entry{"gemfile", Language::kRuby},
    Entry{"vagrantfile", Language::kRuby},
    Entry{".bashrc", Language::kBash},
    Entry{".profile", Language::kBash},
    Entry{"sconstruct", Language::kPython},
    Entry{"sconscript", Language::kPython},
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

template <std::size_t N>
Language Find(const std::array<Entry, N>& entries, std::string_view name) {
  for (const auto& [key, language] : entries) {
    if (key == name) return language;
  }
  return Language::kUnknown;
}

}  // namespace

Language LanguageOfPath(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  if (path.size() > 255) return Language::kUnknown;  // No file system's name.
  const std::string name = Lower(path);
  if (const Language by_name = Find(kFileNames, name);
      by_name != Language::kUnknown) {
    return by_name;
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return Language::kUnknown;
  return Find(kExtensions, std::string_view(name).substr(dot + 1));
}

std::string_view NameOf(Language language) {
  for (const auto& [name, known] : kNames) {
    if (known == language) return name;
  }
  return "unknown";
}

Language ParseLanguage(std::string_view name) {
  if (name.size() > 32) return Language::kUnknown;
  const std::string lower = Lower(name);
  const Language language = Find(kNames, lower);
  return language != Language::kUnknown ? language : Find(kOtherNames, lower);
}

}  // namespace evalloop::code_analysis
