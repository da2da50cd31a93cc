#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_BLEND_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_BLEND_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model_server/domain/evidence.h"
#include "model_server/domain/parameters.h"

namespace evalloop::model_server {

// The probability of each candidate, in their order: from the shortest context
// to the longest that was seen, each mixes its own counts with what the shorter
// ones say (Witten and Bell 1991, method C, with a fitted discount; the open
// file's counts weigh more, after Hellendoorn and Devanbu 2017). Over all
// `vocabulary_size` words and one unknown the sum is 1.
std::vector<double> Blend(const Evidence& evidence,
                          const Parameters& parameters,
                          std::uint32_t vocabulary_size);

// The longest context in which a candidate was seen.
struct Match {
  int order = 0;    // Its length in tokens.
  int support = 0;  // How often, index and open file together.
};
Match LongestMatch(const Evidence& evidence, std::size_t candidate);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_BLEND_H_
