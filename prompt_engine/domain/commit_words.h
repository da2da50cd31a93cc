#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_WORDS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace evalloop::prompt_engine {

// What a commit's message says of it. English words only: in another language
// nothing is found, and such a commit gives no item of these kinds.

// The words of a text, in small letters.
std::vector<std::string> WordsIn(std::string_view text);

// A subject without the number of an issue or pull request at its end.
std::string QueryOf(std::string_view subject);

// Whether a fault of the code was mended: not of its tests, documents, types,
// formatting or build.
bool SaysFix(std::string_view subject);

// Whether it can be asked for: enough words, of what the code does, by a
// person.
bool SaysWhat(std::string_view subject);

// Whether what was mended could be abused.
bool SaysWeakness(std::string_view message);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_WORDS_H_
