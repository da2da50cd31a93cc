#include "evaluator/stream/score_handler.h"

#include <map>
#include <string>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "evaluator/translate/translate.h"

namespace evalloop::evaluator {

absl::Status ScoreHandler::Handle(base::UnitOfWork& work,
                                  std::span<const kafka::Record* const> fresh) {
  std::map<std::string, std::vector<Row>> by_digest;
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload)) {
      return absl::InvalidArgumentError("payload is not an evalloop.v1.Event");
    }
    if (!event.has_score_recorded() || !event.score_recorded().has_answered()) {
      continue;
    }
    const v1::ScoreRecorded& score = event.score_recorded();
    by_digest[score.scorer_digest()].push_back(FromProto(score));
  }
  for (const auto& [digest, rows] : by_digest) {
    if (auto stored = runs_.Record(work, digest, rows); !stored.ok()) {
      return stored;
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::evaluator
