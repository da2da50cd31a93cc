#include "prompt_engine/domain/repository_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "code_analysis/known_names.h"
#include "code_analysis/utf8.h"
#include "prompt_engine/domain/item_tags.h"

namespace evalloop::prompt_engine {
namespace {

// Files of the repository that are looked at for one item, and test files that
// are tried: imports that lead in circles end here.
constexpr int kMostSteps = 400;
constexpr std::size_t kMostTestsTried = 8;

bool IsWordByte(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

bool HasWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !IsWordByte(text[at - 1])) &&
        (end == text.size() || !IsWordByte(text[end]))) {
      return true;
    }
  }
  return false;
}

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsWordByte);
}

// The last one, with the cursor in its body.
bool IsLastFunctionAtMargin(std::string_view prefix, std::string_view name) {
  const std::string head = fmt::format("def {}(", name);
  const std::size_t at = prefix.rfind("\ndef ");
  const std::size_t start = at == std::string_view::npos ? 0 : at + 1;
  if (!prefix.substr(start).starts_with(head)) return false;
  // Nothing at the margin between the head and the cursor, but for the end of
  // the head.
  std::string_view rest = prefix.substr(start);
  for (std::size_t line = rest.find('\n'); line != std::string_view::npos;
       line = rest.find('\n', line + 1)) {
    const std::string_view after = rest.substr(line + 1);
    if (!after.empty() && std::string_view(" \t\r\n)#").find(after.front()) ==
                              std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::string_view Folder(std::string_view path) {  // With its slash.
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : path.substr(0, slash + 1);
}

bool IsStandard(std::string_view module) {
  const auto* const names =
      code_analysis::KnownNames::Of(code_analysis::Language::kPython);
  return names != nullptr &&
         (names->HasModule(module) ||
          names->HasModule(module.substr(0, module.find('.'))));
}

}  // namespace

std::string RepositoryTests::Module::Package() const {
  if (package) return name;
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

RepositoryTests::RepositoryTests(const code_analysis::Repository& git,
                                 std::string commit)
    : git_(git), commit_(std::move(commit)) {}

const std::string* RepositoryTests::TextOf(const std::string& path) {
  const auto [found, added] = texts_.try_emplace(path);
  if (added) {
    auto text = git_.ReadFile(commit_, path);
    if (text.ok() && text->size() <= kMostTestBytes &&
        text->find('\0') == std::string::npos &&
        code_analysis::IsValidUtf8(*text)) {
      found->second = *std::move(text);
    }
  }
  return found->second ? &*found->second : nullptr;
}

std::optional<RepositoryTests::Module> RepositoryTests::ModuleAt(
    std::string_view path, std::string_view root) {
  constexpr std::string_view kEnd = ".py";
  constexpr std::string_view kPackage = "/__init__";
  if (!path.starts_with(root) || !path.ends_with(kEnd)) return std::nullopt;
  Module module{.path = std::string(path)};
  std::string_view name = path.substr(root.size());
  name.remove_suffix(kEnd.size());
  if (name.ends_with(kPackage)) {
    module.package = true;
    name.remove_suffix(kPackage.size());
  }
  if (name.empty() || name.find('.') != std::string_view::npos) {
    return std::nullopt;
  }
  module.name = name;
  std::replace(module.name.begin(), module.name.end(), '/', '.');
  return module;
}

std::string RepositoryTests::RootOf(std::string_view path) {
  std::string_view folder = Folder(path);
  while (!folder.empty() &&
         TextOf(fmt::format("{}__init__.py", folder)) != nullptr) {
    folder = Folder(folder.substr(0, folder.size() - 1));
  }
  return std::string(folder);
}

std::optional<RepositoryTests::Module> RepositoryTests::Find(
    std::string_view name) {
  if (name.empty()) return std::nullopt;
  std::string place(name);
  std::replace(place.begin(), place.end(), '.', '/');
  for (const std::string& root : roots_) {
    for (const bool package : {true, false}) {
      std::string path =
          fmt::format("{}{}{}", root, place, package ? "/__init__.py" : ".py");
      if (TextOf(path) != nullptr) {
        return Module{std::string(name), std::move(path), package};
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> RepositoryTests::NameOf(const PythonImport& import,
                                                   const Module& from) {
  if (import.dots == 0) return import.module;
  std::string base = from.Package();
  for (int i = 1; i < import.dots; ++i) {
    const std::size_t dot = base.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    base.resize(dot);
  }
  if (base.empty()) return std::nullopt;
  return import.module.empty() ? base : base + '.' + import.module;
}

bool RepositoryTests::Add(const Module& module, Needed& needed) {
  if (needed.files.contains(module.name)) return true;
  if (module.name == without_ || --steps_ < 0) return false;
  const std::string* const text = TextOf(module.path);
  if (text == nullptr || needed.files.size() == kMostTestFiles ||
      needed.bytes + text->size() > kMostTestBytes) {
    return false;
  }
  needed.bytes += text->size();
  needed.files[module.name] = {module.path, *text, module.package};
  return AddImports(module, *text, needed);
}

bool RepositoryTests::AddImports(const Module& module, std::string_view text,
                                 Needed& needed) {
  for (const PythonImport& import : PythonImports(text)) {
    Needed more = needed;
    if (AddImport(import, module, more)) {
      needed = std::move(more);
    } else if (import.must) {
      return false;
    }
  }
  return true;
}

bool RepositoryTests::AddImport(const PythonImport& import, const Module& from,
                                Needed& needed) {
  const auto name = NameOf(import, from);
  if (!name) return false;
  if (import.names.empty()) return AddByName(*name, needed);
  bool itself = false;
  for (const std::string& member : import.names) {
    const auto module = Find(*name + '.' + member);
    if (module ? !Add(*module, needed) : false) return false;
    itself = itself || !module;
  }
  return !itself || AddByName(*name, needed);
}

bool RepositoryTests::AddByName(const std::string& name, Needed& needed) {
  if (IsStandard(name)) return true;
  const auto module = Find(name);
  return module && Add(*module, needed);
}

std::vector<std::string> RepositoryTests::TestsOf(const Module& module,
                                                  std::string_view function) {
  if (!test_paths_) {
    test_paths_.emplace();
    // Says no to all: only the paths are wanted.
    const auto listed = git_.ReadTree(
        commit_, [](const code_analysis::TreeFile&) { return true; },
        [&](std::string_view path) {
          if (path.ends_with(".py") && IsTestPath(path)) {
            test_paths_->emplace_back(path);
          }
          return false;
        });
    if (!listed.ok()) test_paths_->clear();
    std::sort(test_paths_->begin(), test_paths_->end());
  }
  const std::string_view name =
      std::string_view(module.name).substr(module.name.rfind('.') + 1);
  std::vector<std::string> named;
  std::vector<std::string> near;  // Of a folder that is called so.
  for (const std::string& path : *test_paths_) {
    const std::string_view folder = Folder(path);
    const std::string_view file = std::string_view(path).substr(folder.size());
    if (file.find(name) != std::string_view::npos ||
        file.find(function) != std::string_view::npos) {
      named.push_back(path);
    } else if (folder.ends_with(fmt::format("{}/", name))) {
      near.push_back(path);
    }
  }
  named.insert(named.end(), near.begin(), near.end());
  if (named.size() > kMostTestsTried) named.resize(kMostTestsTried);
  return named;
}

bool RepositoryTests::Imports(std::string_view text, const Module& from,
                              std::string_view module) {
  for (const PythonImport& import : PythonImports(text)) {
    const auto name = NameOf(import, from);
    if (!name) continue;
    if (*name == module) return true;
    for (const std::string& member : import.names) {
      if (*name + '.' + member == module) return true;
    }
  }
  return false;
}

std::optional<std::string> RepositoryTests::ProgramOf(
    const Module& module, std::string_view text, std::string_view function,
    const std::string& test_path) {
  const std::string* const tests_text = TextOf(test_path);
  const auto tests = ModuleAt(test_path, "");
  if (tests_text == nullptr || !tests || !HasWord(*tests_text, function) ||
      !TakesPytest(*tests_text) || !Imports(*tests_text, *tests, module.name)) {
    return std::nullopt;
  }
  steps_ = kMostSteps;
  // What the candidate itself can't do without. The module as it was committed
  // is not among it: it has the answer.
  Needed shared;
  without_ = module.name;
  if (!AddImports(module, text, shared)) return std::nullopt;
  without_.clear();
  Needed all = shared;
  if (!Add(module, all)) return std::nullopt;
  bool needs_pytest = false;
  for (const PythonImport& import : PythonImports(*tests_text)) {
    if (import.dots == 0 && import.module == "pytest" && import.names.empty()) {
      needs_pytest = true;
    } else if (!AddImport(import, *tests, all) && import.must) {
      return std::nullopt;
    }
  }
  if (all.files.size() == kMostTestFiles ||
      all.bytes + tests_text->size() > kMostTestBytes) {
    return std::nullopt;
  }
  all.files[tests->name] = {tests->path, *tests_text, tests->package};
  for (const auto& [name, file] : shared.files) all.files.erase(name);
  return TestProgram({.module = module.name,
                      .package = module.Package(),
                      .function = function,
                      .tests = tests->name,
                      .shared = shared.files,
                      .of_tests = all.files,
                      .needs_pytest = needs_pytest});
}

void RepositoryTests::AddTo(MinedItem& item) {
  if (item.language != "python" || item.item_class != ItemClass::kBody ||
      IsTestPath(item.path) || !IsName(item.symbol) ||
      !IsLastFunctionAtMargin(item.prefix, item.symbol)) {
    return;
  }
  const std::string* const text = TextOf(item.path);
  if (text == nullptr || !text->starts_with(item.prefix)) return;
  const std::string root = RootOf(item.path);
  const auto module = ModuleAt(item.path, root);
  if (!module) return;
  roots_ = {root};
  if (!root.empty()) roots_.emplace_back();
  for (const std::string& path : TestsOf(*module, item.symbol)) {
    auto program = ProgramOf(*module, *text, item.symbol, path);
    if (!program) continue;
    item.tests = {*std::move(program), item.symbol};
    item.tags.insert(
        std::upper_bound(item.tags.begin(), item.tags.end(), kExecutableTag),
        std::string(kExecutableTag));
    if (!item.suffix.empty()) item.suffix.insert(0, 1, '\n');
    return;
  }
}

}  // namespace evalloop::prompt_engine
