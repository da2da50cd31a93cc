#include "model_server/domain/fit.h"

#include <algorithm>
#include <cmath>

#include "code_analysis/language.h"
#include "model_server/domain/request_text.h"

namespace evalloop::model_server {
namespace {

// A few hundred events can't tell 28 parameters apart.
constexpr std::size_t kFewestEvents = 500;
constexpr int kPasses = 4;
constexpr double kSmallestGain = 1e-4;  // Nats a token over a whole pass.

double Probability(const FitEvent& event, const Parameters& parameters) {
  double probability = event.floor;
  for (int slot = 0; slot < event.slots; ++slot) {
    const auto s = static_cast<std::size_t>(slot);
    const FitEvent::Slot& at = event.at[s];
    const double weight = parameters.file_weight[s];
    const double total = at.totals.total + weight * at.totals.file_total;
    if (total <= 0) continue;
    const double backoff =
        parameters.discount[s] * (at.totals.distinct + at.totals.file_distinct);
    probability =
        (at.count.index + weight * at.count.file + backoff * probability) /
        (total + backoff);
  }
  return probability;
}

// Tries factors on one value; keeps the best. Returns the best loss.
double Improve(float& value, float lowest, float highest, double loss,
               std::span<const FitEvent> events, const Parameters& parameters) {
  const float start = value;
  float best = value;
  for (const float factor : {0.5F, 0.8F, 1.25F, 2.0F}) {
    value = std::clamp(start * factor, lowest, highest);
    const double tried = LogLoss(events, parameters);
    if (tried < loss) {
      loss = tried;
      best = value;
    }
  }
  value = best;
  return loss;
}

}  // namespace

void AppendEvents(const IndexSnapshot& index, const HeldOutLine& line,
                  std::vector<FitEvent>& events) {
  RequestText text(index, line.prefix, line.suffix,
                   code_analysis::LanguageOfPath(line.path));
  EvidenceReader reader(index, text.file, text.words.size());
  Context context = reader.Start(text.context);
  Evidence evidence;
  for (std::size_t i = 0; i <= line.tokens.size(); ++i) {
    TokenId token = kNewline;
    bool known = true;
    if (i < line.tokens.size()) {
      const auto found = text.words.Find(line.tokens[i].text);
      known = found.has_value();
      token = found.value_or(kCut);
    }
    const std::span<const TokenId> also(&token, known ? 1 : 0);
    reader.Read(
        context, {.per_order = 0, .all = 0}, also,
        [](TokenId) { return false; }, evidence);
    FitEvent& event = events.emplace_back();
    event.slots = evidence.slots;
    event.floor = 1.0 / (text.words.size() + 1.0);
    for (int slot = 0; slot < evidence.slots; ++slot) {
      const auto s = static_cast<std::size_t>(slot);
      event.at[s].totals = evidence.totals[s];
      if (known) event.at[s].count = evidence.counts[s][0];
    }
    context = reader.Extend(context, token);
  }
}

double LogLoss(std::span<const FitEvent> events, const Parameters& parameters) {
  if (events.empty()) return 0;
  double sum = 0;
  for (const FitEvent& event : events) {
    sum -= std::log(std::max(Probability(event, parameters), 1e-12));
  }
  return sum / static_cast<double>(events.size());
}

FitResult FitParameters(std::span<const FitEvent> events) {
  FitResult result;
  result.parameters = Parameters::Default();
  const auto earlier = events.first(events.size() * 2 / 3);
  const auto later = events.subspan(earlier.size());
  result.events = earlier.size();
  result.held_out = later.size();
  result.default_loss = LogLoss(later, result.parameters);
  result.held_out_loss = result.default_loss;
  if (events.size() < kFewestEvents) return result;

  Parameters fitted = Parameters::Default();
  double loss = LogLoss(earlier, fitted);
  for (int pass = 0; pass < kPasses; ++pass) {
    const double before = loss;
    for (float& value : fitted.discount) {
      loss = Improve(value, 0.05F, 50.0F, loss, earlier, fitted);
    }
    for (float& value : fitted.file_weight) {
      loss = Improve(value, 0.1F, 100.0F, loss, earlier, fitted);
    }
    if (before - loss < kSmallestGain) break;
  }
  const double judged = LogLoss(later, fitted);
  if (judged < result.default_loss) {
    result.parameters = fitted;
    result.held_out_loss = judged;
  }
  return result;
}

}  // namespace evalloop::model_server
