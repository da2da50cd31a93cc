#ifndef EVALLOOP_CODE_ANALYSIS_SECRETS_H_
#define EVALLOOP_CODE_ANALYSIS_SECRETS_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace evalloop::code_analysis {

// A piece of text that looks like a credential.
struct Secret {
  std::string_view rule;   // "aws-access-key-id" ...; a literal.
  std::size_t offset = 0;  // Bytes; of the secret itself, not of its name.
  std::size_t length = 0;
};

// Credentials in `text`: keys and tokens with a shape of their own (private
// keys, cloud and forge tokens, JSON web tokens, URLs with a password ...), and
// strings of high entropy that are assigned to a name such as "api_key".
// Placeholders ("changeme", "<token>", "${TOKEN}", "xxxx") are none. The rules
// follow those of gitleaks 8 in kind. In source order, not overlapping. Total
// on any bytes, linear time, thread-safe.
std::vector<Secret> FindSecrets(std::string_view text);

// Bits a character of `text`, over its own distribution: [0, 8].
double ShannonEntropy(std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SECRETS_H_
