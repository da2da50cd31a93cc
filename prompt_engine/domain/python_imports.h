#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_PYTHON_IMPORTS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_PYTHON_IMPORTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace evalloop::prompt_engine {

// One module that a Python file's text says it imports.
struct PythonImport {
  int dots = 0;        // Before the module's name: how far up it starts.
  std::string module;  // "a.b"; may be empty behind dots.
  // Of "from module import ...", as they are called there; "*" stands for
  // itself. Empty: "import module".
  std::vector<std::string> names;
  // At the margin: without it the file can't be loaded. What stands deeper (in
  // a function, a try, an if) may never run, or do without.
  bool must = false;
};

// In order. Total: any text gives something, in linear time; nothing is run.
std::vector<PythonImport> PythonImports(std::string_view text);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_PYTHON_IMPORTS_H_
