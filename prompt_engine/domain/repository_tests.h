#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_REPOSITORY_TESTS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_REPOSITORY_TESTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/history.h"
#include "prompt_engine/domain/mined_item.h"
#include "prompt_engine/domain/python_imports.h"
#include "prompt_engine/domain/test_program.h"

namespace evalloop::prompt_engine {

// Bounds of what hidden tests bring along of the repository: they travel with
// every row of a run.
inline constexpr std::size_t kMostTestFiles = 20;
inline constexpr std::size_t kMostTestBytes = std::size_t{64} << 10;

// The tag of items that have the repository's own tests.
inline constexpr std::string_view kExecutableTag = "executable";

// Finds the tests that a repository has of its functions, as one commit has
// them. Reads git alone and runs nothing. Not thread-safe.
class RepositoryTests {
 public:
  // `git` must outlive this.
  RepositoryTests(const code_analysis::Repository& git, std::string commit);

  // Gives an item its hidden tests and the tag, where it asks for the whole
  // body of a Python function at a module's margin, the file above the cursor
  // is whole, some test file imports the module and names the function, and
  // both need nothing but the standard library and files within the bounds. The
  // suffix then begins with the end of the answer's last line, so that prefix,
  // answer and suffix are a program. Whether the tests hold is for the scorer
  // to find out.
  void AddTo(MinedItem& item);

 private:
  // What was found to be needed so far.
  struct Needed {
    PythonFiles files;
    std::size_t bytes = 0;
  };
  struct Module {
    std::string name;  // "app.sizes"
    std::string path;
    bool package = false;

    std::string Package() const;
  };

  // Null: no such file, or none that is text and within the bounds.
  const std::string* TextOf(const std::string& path);
  // The module that a file is; nullopt where its path has no such name.
  static std::optional<Module> ModuleAt(std::string_view path,
                                        std::string_view root);
  // The folder, with its slash, from which the file's package is imported.
  std::string RootOf(std::string_view path);
  std::optional<Module> Find(std::string_view name);
  // What an import names from the root on; nullopt: it goes too far up.
  static std::optional<std::string> NameOf(const PythonImport& import,
                                           const Module& from);

  bool Add(const Module& module, Needed& needed);
  bool AddImports(const Module& module, std::string_view text, Needed& needed);
  bool AddImport(const PythonImport& import, const Module& from,
                 Needed& needed);
  bool AddByName(const std::string& name, Needed& needed);

  // Paths of tests that may be about the module, the likeliest first.
  std::vector<std::string> TestsOf(const Module& module,
                                   std::string_view function);
  bool Imports(std::string_view text, const Module& from,
               std::string_view module);
  std::optional<std::string> ProgramOf(const Module& module,
                                       std::string_view text,
                                       std::string_view function,
                                       const std::string& test_path);

  const code_analysis::Repository& git_;
  const std::string commit_;
  std::map<std::string, std::optional<std::string>> texts_;  // By path.
  std::optional<std::vector<std::string>> test_paths_;       // In path order.
  std::vector<std::string> roots_;  // Where modules may be, of one item.
  std::string without_;             // A module that may not be needed.
  int steps_ = 0;                   // Left, of one item.
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_REPOSITORY_TESTS_H_
