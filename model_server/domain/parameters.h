#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_PARAMETERS_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_PARAMETERS_H_

#include <array>

#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

// What training fits besides the counts; one entry for each of kOrders. Stored
// in the artefact as it stands here.
struct Parameters {
  // How much of a context's mass goes to shorter ones, per different word that
  // was seen after it (Witten-Bell): 0.05 to 50.
  std::array<float, kOrderCount> discount{};
  // What one occurrence in the open file counts against one anywhere: 0.1 to
  // 100.
  std::array<float, kOrderCount> file_weight{};

  static Parameters Default() {
    Parameters parameters;
    parameters.discount.fill(0.7F);
    parameters.file_weight.fill(4.0F);
    return parameters;
  }
  friend bool operator==(const Parameters&, const Parameters&) = default;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_PARAMETERS_H_
