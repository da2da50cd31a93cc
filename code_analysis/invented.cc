#include "code_analysis/invented.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "code_analysis/known_names.h"
#include "code_analysis/lexer.h"
#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

bool OneOf(std::string_view text,
           std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsScript(Language language) {
  return language == Language::kJavaScript ||
         language == Language::kTypeScript || language == Language::kTsx;
}

std::string_view Unquoted(std::string_view text) {
  if (text.size() < 2) return {};
  text = text.substr(1, text.size() - 2);
  return text.substr(0, 5) == "node:" ? text.substr(5) : text;
}

class Scan {
 public:
  Scan(std::string_view text, std::size_t from, std::size_t to,
       Language language, const KnownNames& known)
      : tree_(text, language),
        from_(from),
        to_(to),
        language_(language),
        known_(known) {}

  std::string_view reason() const { return tree_.reason(); }

  void Run() {
    for (TreeWalk walk(tree_.root()); !walk.done(); walk.Next()) {
      parents_.resize(walk.depth());
      guards_.resize(walk.depth());
      const TSNode node = walk.node();
      if (ts_node_is_named(node) && Visit(node, walk.field())) {
        walk.SkipChildren();
      }
      const std::string_view kind = KindOf(node);
      guards_.push_back((!guards_.empty() && guards_.back()) ||
                        kind == "try_statement" || kind == "if_statement");
      parents_.push_back(kind);
    }
  }

  InventedSymbols Judge(const std::unordered_set<std::string_view>& around,
                        const RepositoryNames* repository) const {
    InventedSymbols invented;
    std::unordered_set<std::string> told;
    const auto tell = [&](std::string name) {
      if (told.insert(name).second) invented.names.push_back(std::move(name));
    };
    for (const Use& use : uses_) {
      const std::string name(use.name);
      if (use.kind == Use::kCall) {
        const bool exists =
            known_.HasGlobal(use.name) || mentioned_.contains(use.name) ||
            around.contains(use.name) ||
            (repository != nullptr && repository->Has(use.name));
        // Others of a Go package define what its files call.
        const bool sure = language_ != Language::kGo || repository != nullptr;
        if (!exists && sure && !star_) tell(name);
      } else if (use.kind == Use::kModule) {
        const std::string first = name.substr(0, name.find_first_of("./"));
        if (known_.HasModule(first)) {
          if (!ModuleExists(name)) tell(name);
        } else if (repository != nullptr && !repository->Has(first) &&
                   !around.contains(first)) {
          tell(name);
        }
      } else if (use.kind == Use::kImported) {
        if (known_.HasModule(use.module) && !MemberExists(use.module, name)) {
          tell(use.module + "." + name);
        }
      } else {
        const auto module = modules_.find(use.module);
        if (module != modules_.end() && !rebound_.contains(use.module) &&
            !MemberExists(module->second, name)) {
          tell(use.module + "." + name);
        } else if (module == modules_.end() && IsScript(language_) &&
                   known_.HasModule("global " + use.module) &&
                   !rebound_.contains(use.module) &&
                   !known_.Has("global " + use.module, name)) {
          tell(use.module + "." + name);
        }
      }
    }
    return invented;
  }

 private:
  struct Use {
    enum Kind {
      kCall,      // name()
      kModule,    // import name
      kImported,  // from module import name
      kMember,    // module.name, `module` as it is called here
    } kind;
    std::string_view name;
    std::string module;
  };

  bool InCandidate(TSNode node) const {
    return ts_node_start_byte(node) >= from_ && ts_node_end_byte(node) <= to_;
  }

  bool MemberExists(const std::string& module, const std::string& name) const {
    return known_.Has(module, name) || known_.HasModule(module + "." + name) ||
           name.substr(0, 1) == "_";  // Private: no table promises those.
  }

  // "os.path": a module, or a member that the table has.
  bool ModuleExists(const std::string& path) const {
    if (known_.HasModule(path)) return true;
    const std::size_t dot = path.rfind('.');
    return dot != std::string::npos && known_.HasModule(path.substr(0, dot)) &&
           known_.Has(path.substr(0, dot), path.substr(dot + 1));
  }

  // True: what is below needs no visit.
  bool Visit(TSNode node, const char* field) {
    const std::string_view kind = KindOf(node);
    if (kind == "import_statement") {
      IsScript(language_) ? ScriptImport(node) : PythonImport(node);
      return true;
    }
    if (kind == "import_from_statement") {
      PythonImportFrom(node);
      return true;
    }
    if (kind == "import_spec") {
      GoImport(node);
      return true;
    }
    if (kind == "variable_declarator" && IsScript(language_)) {
      Required(node);
    } else if (kind == "attribute" || kind == "member_expression" ||
               kind == "selector_expression" || kind == "qualified_type") {
      Member(node, kind);
    } else if (kind == "identifier" ||
               kind == "shorthand_property_identifier" ||
               kind == "shorthand_property_identifier_pattern" ||
               kind == "type_identifier") {
      Identifier(node, field == nullptr ? "" : field);
    }
    return false;
  }

  void Identifier(TSNode node, std::string_view field) {
    const std::string_view name = tree_.TextOf(node);
    const std::string_view parent = parents_.empty() ? "" : parents_.back();
    const bool called = (field == "function" &&
                         (parent == "call" || parent == "call_expression")) ||
                        (field == "constructor" && parent == "new_expression");
    const bool of_member = OneOf(
        parent, {"attribute", "member_expression", "selector_expression"});
    if (called) {
      if (InCandidate(node)) uses_.push_back({Use::kCall, name, {}});
      return;
    }
    if (of_member && (field == "attribute" || field == "property")) return;
    mentioned_.insert(name);
    const bool required =
        parent == "variable_declarator" && required_.contains(name);
    if (!of_member && !required &&
        !OneOf(parent, {"argument_list", "arguments"})) {
      rebound_.insert(std::string(name));
    }
  }

  void Member(TSNode node, std::string_view kind) {
    if (!InCandidate(node)) return;
    const bool script = kind == "member_expression";
    TSNode object = FieldOf(node, "object");
    TSNode name = FieldOf(node, script ? "property" : "attribute");
    if (kind == "selector_expression") {
      object = FieldOf(node, "operand");
      name = FieldOf(node, "field");
    } else if (kind == "qualified_type") {
      object = FieldOf(node, "package");
      name = FieldOf(node, "name");
    }
    if (ts_node_is_null(object) || ts_node_is_null(name)) return;
    if (!OneOf(KindOf(object), {"identifier", "package_identifier"})) {
      // os.path.x: the module is itself a member.
      if (kind != "attribute" || KindOf(object) != "attribute") return;
      const std::string path(tree_.TextOf(object));
      const std::string root = path.substr(0, path.find('.'));
      const auto module = modules_.find(root);
      if (module == modules_.end() || rebound_.contains(root)) return;
      const std::string whole = module->second + path.substr(root.size());
      if (!known_.HasModule(whole)) return;
      modules_.emplace(path, whole);
    }
    uses_.push_back(
        {Use::kMember, tree_.TextOf(name), std::string(tree_.TextOf(object))});
  }

  void Bind(std::string_view local, std::string_view module) {
    mentioned_.insert(local);
    if (known_.HasModule(module)) {
      modules_.insert_or_assign(std::string(local), std::string(module));
    }
  }

  // An import that may fail is allowed to.
  bool Guarded() const { return !guards_.empty() && guards_.back(); }

  template <typename See>
  static void EachChild(TSNode node, See see) {
    for (TreeWalk walk(node); !walk.done(); walk.Next()) {
      if (walk.depth() == 0) continue;
      walk.SkipChildren();
      if (ts_node_is_named(walk.node())) see(walk.node(), walk.field());
    }
  }

  void PythonImport(TSNode node) {
    EachChild(node, [&](TSNode child, const char*) {
      const bool aliased = KindOf(child) == "aliased_import";
      const TSNode path = aliased ? FieldOf(child, "name") : child;
      if (ts_node_is_null(path) || KindOf(path) != "dotted_name") return;
      const std::string_view module = tree_.TextOf(path);
      if (InCandidate(node) && !Guarded()) {
        uses_.push_back({Use::kModule, module, {}});
      }
      if (aliased) {
        Bind(tree_.TextOf(FieldOf(child, "alias")), module);
      } else {
        const std::string_view first = module.substr(0, module.find('.'));
        Bind(first, first);
      }
    });
  }

  void PythonImportFrom(TSNode node) {
    const TSNode from = FieldOf(node, "module_name");
    if (ts_node_is_null(from)) return;
    const bool relative = KindOf(from) != "dotted_name";
    const std::string module(tree_.TextOf(from));
    const bool check = !relative && InCandidate(node) && !Guarded();
    if (check) uses_.push_back({Use::kModule, tree_.TextOf(from), {}});
    EachChild(node, [&](TSNode child, const char* field) {
      if (KindOf(child) == "wildcard_import") star_ = true;
      if (field == nullptr || std::string_view(field) != "name") return;
      const bool aliased = KindOf(child) == "aliased_import";
      const TSNode path = aliased ? FieldOf(child, "name") : child;
      if (ts_node_is_null(path)) return;
      const std::string_view name = tree_.TextOf(path);
      if (check) uses_.push_back({Use::kImported, name, module});
      Bind(aliased ? tree_.TextOf(FieldOf(child, "alias")) : name,
           module + "." + std::string(name));
    });
  }

  // What a module is taken apart into: { a, b as c }, { a, b: c }.
  void Named(TSNode names, std::string_view module, bool check) {
    EachChild(names, [&](TSNode child, const char*) {
      TSNode name = child;
      TSNode local = child;
      if (KindOf(child) == "import_specifier") {
        name = local = FieldOf(child, "name");
        const TSNode alias = FieldOf(child, "alias");
        if (!ts_node_is_null(alias)) local = alias;
      } else if (KindOf(child) != "shorthand_property_identifier_pattern") {
        return;
      }
      if (ts_node_is_null(name)) return;
      const std::string_view text = tree_.TextOf(name);
      mentioned_.insert(tree_.TextOf(local));
      // TypeScript also imports types, which no running module has.
      const bool type = language_ != Language::kJavaScript && !text.empty() &&
                        text.front() >= 'A' && text.front() <= 'Z';
      if (check && !type) {
        uses_.push_back({Use::kImported, text, std::string(module)});
      }
    });
  }

  void ScriptImport(TSNode node) {
    const TSNode source = FieldOf(node, "source");
    if (ts_node_is_null(source)) return;
    const std::string_view module = Unquoted(tree_.TextOf(source));
    EachChild(node, [&](TSNode clause, const char*) {
      if (KindOf(clause) != "import_clause") return;
      EachChild(clause, [&](TSNode part, const char*) {
        if (KindOf(part) == "identifier") {
          Bind(tree_.TextOf(part), module);
        } else if (KindOf(part) == "namespace_import") {
          EachChild(part, [&](TSNode name, const char*) {
            Bind(tree_.TextOf(name), module);
          });
        } else if (KindOf(part) == "named_imports") {
          Named(part, module, InCandidate(node));
        }
      });
    });
  }

  // const a = require("b"), const { a } = require("b").
  void Required(TSNode node) {
    const TSNode value = FieldOf(node, "value");
    const TSNode name = FieldOf(node, "name");
    if (ts_node_is_null(value) || ts_node_is_null(name) ||
        KindOf(value) != "call_expression") {
      return;
    }
    const std::string_view call = tree_.TextOf(value);
    if (call.substr(0, 8) != "require(" || call.back() != ')') return;
    const std::string_view module = Unquoted(call.substr(8, call.size() - 9));
    if (KindOf(name) == "identifier") {
      Bind(tree_.TextOf(name), module);
      required_.insert(tree_.TextOf(name));
    } else if (KindOf(name) == "object_pattern") {
      Named(name, module, InCandidate(node));
    }
  }

  void GoImport(TSNode node) {
    const TSNode path = FieldOf(node, "path");
    if (ts_node_is_null(path)) return;
    const std::string_view module = Unquoted(tree_.TextOf(path));
    const TSNode name = FieldOf(node, "name");
    if (!ts_node_is_null(name)) {
      if (KindOf(name) == "dot") star_ = true;
      return Bind(tree_.TextOf(name), module);
    }
    std::string_view last = module.substr(module.rfind('/') + 1);
    if (last.size() == 2 && last[0] == 'v' && module.size() > 3) {
      const std::string_view rest = module.substr(0, module.size() - 3);
      last = rest.substr(rest.rfind('/') + 1);  // math/rand/v2
    }
    Bind(last, module);
  }

  const SyntaxTree tree_;
  const std::size_t from_;
  const std::size_t to_;
  const Language language_;
  const KnownNames& known_;
  std::vector<std::string_view> parents_;
  std::vector<bool> guards_;
  std::vector<Use> uses_;
  std::unordered_set<std::string_view> mentioned_;
  std::unordered_set<std::string_view> required_;
  std::unordered_set<std::string> rebound_;
  std::unordered_map<std::string, std::string> modules_;  // By local name.
  bool star_ = false;
};

}  // namespace

InventedSymbols FindInvented(std::string_view candidate, Surroundings around,
                             Language language,
                             const RepositoryNames* repository) {
  InventedSymbols missing;
  const KnownNames* const known = KnownNames::Of(language);
  if (known == nullptr) {
    missing.reason = HasGrammar(language) ? "no_rules" : "no_grammar";
    return missing;
  }
  if (candidate.size() > kMaxParsedBytes) {
    missing.reason = "too_long";
    return missing;
  }
  const std::string text = Put(candidate, around);
  // The prefix may have been cut.
  const std::size_t from =
      Put("", {.prefix = around.prefix, .suffix = ""}).size();
  Scan scan(text, from, from + candidate.size(), language, *known);
  if (!scan.reason().empty()) {
    missing.reason = scan.reason();
    return missing;
  }
  scan.Run();
  std::unordered_set<std::string_view> names;
  for (const std::string_view part : {around.prefix, around.suffix}) {
    for (const Token& token : Lex(part, language)) {
      if (token.kind == TokenKind::kIdentifier) names.insert(token.text);
    }
  }
  return scan.Judge(names, repository);
}

}  // namespace evalloop::code_analysis
