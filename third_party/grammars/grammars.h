#ifndef EVALLOOP_THIRD_PARTY_GRAMMARS_GRAMMARS_H_
#define EVALLOOP_THIRD_PARTY_GRAMMARS_GRAMMARS_H_

// The languages in evalloop::grammars. Each function returns a table with
// static lifetime, of an ABI that Debian 12's libtree-sitter loads (13 or 14),
// and may be called from any thread.

#include <tree_sitter/api.h>

extern "C" {

const TSLanguage* tree_sitter_bash(void);
const TSLanguage* tree_sitter_c(void);
const TSLanguage* tree_sitter_c_sharp(void);
const TSLanguage* tree_sitter_cpp(void);
const TSLanguage* tree_sitter_go(void);
const TSLanguage* tree_sitter_java(void);
const TSLanguage* tree_sitter_javascript(void);
const TSLanguage* tree_sitter_php(void);
const TSLanguage* tree_sitter_python(void);
const TSLanguage* tree_sitter_ruby(void);
const TSLanguage* tree_sitter_rust(void);
const TSLanguage* tree_sitter_tsx(void);
const TSLanguage* tree_sitter_typescript(void);

}  // extern "C"

#endif  // EVALLOOP_THIRD_PARTY_GRAMMARS_GRAMMARS_H_
