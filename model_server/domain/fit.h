#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_FIT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_FIT_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "model_server/domain/evidence.h"
#include "model_server/domain/held_out.h"
#include "model_server/domain/parameters.h"

namespace evalloop::model_server {

// The counts behind one token that was really written, at each context length.
struct FitEvent {
  struct Slot {
    SlotTotals totals;
    CandidateCount count;  // Of the token that was written.
  };
  int slots = 0;
  std::array<Slot, kOrderCount> at;
  double floor = 0;  // Probability before any count: 1 / (words + 1).
};

// The events of one line, one a token and one for its end, by the model that
// has seen its commit's parent only.
void AppendEvents(const IndexSnapshot& index, const HeldOutLine& line,
                  std::vector<FitEvent>& events);

// Mean negative log probability, natural, of the written tokens. 0 for none.
double LogLoss(std::span<const FitEvent> events, const Parameters& parameters);

struct FitResult {
  Parameters parameters;
  std::size_t events = 0;    // Fitted on.
  std::size_t held_out = 0;  // Judged on: later ones.
  double default_loss = 0;   // Of the held-out events, in nats a token.
  double held_out_loss = 0;
};

// Coordinate descent on log loss over the earlier two thirds of `events` (in
// time order), judged on the rest: where that is no better than the defaults,
// the defaults stand. Deterministic. Bounded: some seconds for 30,000 events.
FitResult FitParameters(std::span<const FitEvent> events);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_FIT_H_
