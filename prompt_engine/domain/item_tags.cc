#include "prompt_engine/domain/item_tags.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "code_analysis/complexity.h"
#include "code_analysis/lexer.h"
#include "code_analysis/security.h"
#include "prompt_engine/domain/code_names.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::Token;
using code_analysis::TokenKind;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool HasAny(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

struct Domain {
  std::string_view name;
  std::vector<std::string_view> in_path;     // Words of it, see IsAbout.
  std::vector<std::string_view> in_imports;  // Parts of their lines.
};

const std::vector<Domain>& Domains() {
  static const std::vector<Domain> domains = {
      {"security",
       {"auth", "oauth", "authentication", "authorization", "crypto",
        "security", "password", "session", "tls", "ssl", "acl"},
       {"hashlib", "hmac", "openssl", "crypto", "jwt", "bcrypt"}},
      {"cli",
       {"cli", "command", "commands", "cmd", "argparse"},
       {"argparse", "click", "\"flag\"", "cobra"}},
      {"storage",
       {"db", "sql", "store", "storage", "rdb", "aof", "cache", "migration",
        "database", "dict"},
       {"sqlite", "sqlalchemy", "database/sql", "psycopg", "pqxx"}},
      {"web",
       {"http",     "route",    "routes",     "router",    "view",
        "views",    "template", "templating", "render",    "request",
        "requests", "response", "middleware", "wsgi",      "asgi",
        "server",   "api",      "json",       "blueprint", "cookie"},
       {"net/http", "flask", "django", "werkzeug", "express", "aiohttp"}},
      {"network",
       {"net", "network", "socket", "connection", "cluster", "replication",
        "anet"},
       {"socket", "sys/socket", "\"net\"", "asio"}},
      {"concurrency",
       {"thread", "async", "worker", "lock", "mutex", "event", "bio"},
       {"threading", "asyncio", "pthread", "<thread>", "<mutex>"}},
      {"interface",
       {"ui", "gui", "component", "widget", "css"},
       {"react", "tkinter", "pyqt"}},
  };
  return domains;
}

// The words of a path in small letters: "src/flask/cli_app.py" has src, flask,
// cli, app and py.
std::vector<std::string> PathWords(std::string_view path) {
  std::vector<std::string> words(1);
  for (const char c : Lower(path)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

// Long words say it with any ending: "networking" is about "network".
bool IsAbout(std::string_view word, std::string_view subject) {
  constexpr std::size_t kLong = 5;
  return word == subject ||
         (subject.size() >= kLong && word.starts_with(subject));
}

// The lines near the file's head that bring something in.
std::string ImportsOf(std::string_view prefix) {
  std::string imports;
  int lines = 0;
  while (!prefix.empty() && ++lines < 80) {
    const std::string_view line = prefix.substr(0, prefix.find('\n'));
    prefix.remove_prefix(std::min(line.size() + 1, prefix.size()));
    if (HasAny(line, std::array<std::string_view, 5>{
                         "import", "include", "require", "use ", "\""})) {
      imports += line;
      imports += '\n';
    }
  }
  return Lower(imports);
}

}  // namespace

bool IsInformative(std::string_view line, code_analysis::Language language) {
  const std::vector<Token> tokens = code_analysis::Lex(line, language);
  if (tokens.size() < 4) return false;
  // A piece may begin with an import and go on with what matters.
  if (line.find('\n') != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 9> kImports = {
      "import",   "from",    "using",   "package",  "use",
      "#include", "require", "include", "namespace"};
  if (std::find(kImports.begin(), kImports.end(), tokens[0].text) !=
          kImports.end() ||
      (tokens[0].text == "#" && tokens[1].text == "include")) {
    return false;
  }
  // A version is known to who releases it.
  const bool sets_version =
      std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
        return token.kind == TokenKind::kIdentifier &&
               Lower(token.text).find("version") != std::string::npos;
      });
  const bool has_text = std::any_of(
      tokens.begin(), tokens.end(),
      [](const Token& token) { return token.kind == TokenKind::kString; });
  if (sets_version && has_text && tokens.size() <= 6) return false;
  // Names one after the other: of a long import, or of what is passed on.
  if (std::all_of(tokens.begin(), tokens.end(), [](const Token& token) {
        return token.kind == TokenKind::kIdentifier || token.text == "," ||
               token.text == ")" || token.text == "\\";
      })) {
    return false;
  }
  // Names beside values: a row of data has few.
  const auto names = std::count_if(
      tokens.begin(), tokens.end(),
      [](const Token& token) { return token.kind == TokenKind::kIdentifier; });
  const auto values =
      std::count_if(tokens.begin(), tokens.end(), [](const Token& token) {
        return token.kind == TokenKind::kNumber ||
               token.kind == TokenKind::kString;
      });
  return names > 0 && values <= 2 * names + 1;
}

bool IsTestPath(std::string_view path) {
  const std::string lower = Lower(path);
  const std::string_view name =
      std::string_view(lower).substr(lower.rfind('/') + 1);
  return lower.starts_with("test") ||
         lower.find("/test") != std::string::npos ||
         lower.find("spec/") != std::string::npos ||
         name.find("_test.") != std::string_view::npos ||
         name.find(".test.") != std::string_view::npos ||
         name.find(".spec.") != std::string_view::npos ||
         name.find("_spec.") != std::string_view::npos;
}

bool IsSidePath(std::string_view path) {
  const std::string lower = Lower(path);
  constexpr std::array<std::string_view, 9> kFolders = {
      "docs/",  "doc/",   "examples/", "example/",     "scripts/",
      "tools/", "bench/", "benchmark", "utils/release"};
  const std::string_view name =
      std::string_view(lower).substr(lower.rfind('/') + 1);
  return HasAny(lower, kFolders) || name == "setup.py" || name == "conf.py" ||
         name == "conftest.py" ||
         name.find("version") != std::string_view::npos;
}

std::string_view DomainOf(std::string_view path, std::string_view prefix) {
  if (IsTestPath(path)) return "test";
  if (IsSidePath(path)) {
    return Lower(path).find("doc") != std::string::npos ? "docs" : "build";
  }
  for (const std::string& word : PathWords(path)) {
    for (const Domain& domain : Domains()) {
      for (const std::string_view subject : domain.in_path) {
        if (IsAbout(word, subject)) return domain.name;
      }
    }
  }
  // The one that most imports are of.
  const std::string imports = ImportsOf(prefix);
  std::string_view best = "core";
  std::size_t most = 0;
  for (const Domain& domain : Domains()) {
    const auto found = static_cast<std::size_t>(
        std::count_if(domain.in_imports.begin(), domain.in_imports.end(),
                      [&](std::string_view part) {
                        return imports.find(part) != std::string::npos;
                      }));
    if (found > most) {
      most = found;
      best = domain.name;
    }
  }
  return best;
}

std::string_view ComplexityOf(std::string_view text, ItemClass item_class,
                              code_analysis::Language language) {
  double level = 0;
  if (item_class == ItemClass::kLine || item_class == ItemClass::kTail) {
    const auto tokens =
        static_cast<double>(code_analysis::Lex(text, language).size());
    level = tokens < 10 ? 1 : tokens < 20 ? 3 : 6;
  } else {
    level = code_analysis::Complexity(text, language).value.value_or(1);
  }
  return level < 3 ? "low" : level < 6 ? "medium" : "high";
}

bool IsSecuritySensitive(std::string_view path, std::string_view text,
                         code_analysis::Language language) {
  constexpr std::array<std::string_view, 32> kWords = {
      "password",   "passwd",     "secret",     "token_",    "auth",
      "crypt",      "hmac",       "signature",  "csrf",      "cookie",
      "session",    "permission", "privilege",  "sanitiz",   "escape(",
      "unescape",   "pickle",     "subprocess", "eval(",     "exec(",
      "system(",    "sql",        "deserializ", "yaml.load", "strcpy",
      "strcat",     "sprintf",    "memcpy",     "memmove",   "alloca",
      "verify_ssl", "chmod"};
  const std::string lower = Lower(text);
  if (HasAny(lower, kWords)) return true;
  if (!code_analysis::FindWeaknesses(text, language).findings.empty()) {
    return true;
  }
  constexpr std::array<std::string_view, 5> kPaths = {"auth", "crypt",
                                                      "security", "acl", "tls"};
  return !IsTestPath(path) && HasAny(Lower(path), kPaths);
}

std::string_view LabelOf(std::string_view text,
                         code_analysis::Language language, std::uint32_t path,
                         std::uint32_t position,
                         const std::set<std::uint32_t>& paths_of_commit,
                         const WrittenHistory& history) {
  if (!IsInformative(text, language)) return "non-informative";
  bool in_commit = false;
  bool in_project = false;
  bool in_file = false;
  bool common = false;
  const WordsOf words(text, language);
  for (const std::string_view name : words.names) {
    const auto* declared = history.DeclarationOf(name);
    if (declared == nullptr || declared->position > position) continue;
    if (declared->paths > 3) {
      common = true;
    } else if (declared->path == path) {
      in_file = true;
    } else if (declared->position == position ||
               paths_of_commit.count(declared->path) != 0) {
      in_commit = true;
    } else {
      in_project = true;
    }
  }
  return in_commit    ? "committed"
         : in_project ? "inproject"
         : in_file    ? "infile"
         : common     ? "common"
                      : "random";
}

}  // namespace evalloop::prompt_engine
