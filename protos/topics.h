#ifndef EVALLOOP_PROTOS_TOPICS_H_
#define EVALLOOP_PROTOS_TOPICS_H_

#include <array>
#include <string>
#include <string_view>

// The topics that services share, as the table in ARCHITECTURE.md. A topic's
// full name is "<prefix>.<suffix>"; every record is an evalloop.v1.Event.
namespace evalloop::v1topics {

inline constexpr std::string_view kDefaultPrefix = "evalloop";
inline constexpr int kPartitions = 3;

inline constexpr std::string_view kPromptRevision = "prompt.revision.v1";
inline constexpr std::string_view kPromptLabel = "prompt.label.v1";
inline constexpr std::string_view kServingModel = "serving.model.v1";
inline constexpr std::string_view kCompletionServed = "completion.served.v1";
inline constexpr std::string_view kCompletionFeedback =
    "completion.feedback.v1";
inline constexpr std::string_view kCompletionSettled = "completion.settled.v1";
inline constexpr std::string_view kOutcomeKnown = "outcome.known.v1";
inline constexpr std::string_view kRunTask = "run.task.v1";
inline constexpr std::string_view kRunAnswered = "run.answered.v1";
inline constexpr std::string_view kScoreRecorded = "score.recorded.v1";
inline constexpr std::string_view kOracleTask = "oracle.task.v1";
inline constexpr std::string_view kOracleChecked = "oracle.checked.v1";
inline constexpr std::string_view kEvaluatorDecision = "evaluator.decision.v1";
inline constexpr std::string_view kAccessKey = "access.key.v1";
inline constexpr std::string_view kAccessAudit = "access.audit.v1";

struct Topic {
  std::string_view suffix;
  bool compacted = false;  // Kept for ever, the last record per key.
};

inline constexpr std::array<Topic, 15> kTopics = {{
    {kPromptRevision, true},
    {kPromptLabel, true},
    {kServingModel, true},
    {kCompletionServed, false},
    {kCompletionFeedback, false},
    {kCompletionSettled, false},
    {kOutcomeKnown, false},
    {kRunTask, false},
    {kRunAnswered, false},
    {kScoreRecorded, false},
    {kOracleTask, false},
    {kOracleChecked, false},
    {kEvaluatorDecision, false},
    {kAccessKey, true},
    {kAccessAudit, false},
}};

inline std::string Name(std::string_view prefix, std::string_view suffix) {
  return std::string(prefix) + "." + std::string(suffix);
}

}  // namespace evalloop::v1topics

#endif  // EVALLOOP_PROTOS_TOPICS_H_
