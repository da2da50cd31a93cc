#include "serving/domain/run_answerer.h"

#include <utility>

#include "code_analysis/language.h"
#include "fmt/format.h"
#include "platform/base/backoff.h"
#include "platform/base/text.h"
#include "replay/counted_lines.h"
#include "replay/typed_line.h"

namespace evalloop::serving {
namespace {

using Steady = std::chrono::steady_clock;

// NotFound: the model's registration may still be on its way.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsNotFound(status);
}

// Asks for one row, at one cursor after the other.
class Asker final : public replay::Suggester {
 public:
  Asker(const Completer& completer, const RunOptions& options,
        const std::function<void(std::chrono::milliseconds)>& sleep,
        const RunQuestion& question, Steady::time_point give_up,
        const std::function<bool()>& stopped)
      : completer_(completer),
        options_(options),
        sleep_(sleep),
        question_(question),
        give_up_(give_up),
        stopped_(stopped) {}

  absl::StatusOr<Completion> Ask(Query query) {
    auto plan = completer_.PlanRevision(question_.revision, query,
                                        std::chrono::milliseconds(0));
    base::Backoff backoff(options_.first_backoff, options_.max_backoff);
    while (true) {
      absl::Status status = plan.status();
      if (status.ok()) {
        Completion completion;
        Completer::Describe(*plan, completion);
        const CallLimits limits{
            .deadline = Steady::now() + options_.call_deadline,
            .cancelled = stopped_,
            .on_attempt = [this] { ++attempts_; }};
        status = completer_.Call(*plan, limits, {}, completion);
        if (status.ok()) {
          spent_.prompt_tokens += completion.usage.prompt_tokens;
          spent_.completion_tokens += completion.usage.completion_tokens;
          spent_.cost_micros += completion.usage.cost_micros;
          if (!first_) first_ = completion;
          return completion;
        }
      }
      const auto wait = backoff.Next();
      if (!MayPass(status) || stopped_() || Steady::now() + wait >= give_up_) {
        return status;
      }
      sleep_(wait);
      if (!plan.ok()) {
        plan = completer_.PlanRevision(question_.revision, query,
                                       std::chrono::milliseconds(0));
      }
    }
  }

  // replay::Suggester
  absl::StatusOr<replay::Suggestion> Suggest(
      const replay::Cursor& cursor) override {
    Query query = question_.query;
    query.prefix = std::string(cursor.prefix);
    query.suffix = std::string(cursor.suffix);
    const auto completion = Ask(std::move(query));
    if (!completion.ok()) return completion.status();
    return replay::Suggestion{.completion_id = {},
                              .text = completion->shown_text,
                              .shown = completion->shown,
                              .latency_ms = completion->usage.total_ms};
  }
  absl::Status Report(const replay::TypingEvent&) override {
    return absl::OkStatus();
  }

  const std::optional<Completion>& first() const { return first_; }

  // Puts what all calls took into an answer that has its completion.
  void PutSpent(RunAnswer& answer) const {
    Usage& usage = answer.completion.usage;
    usage.prompt_tokens = spent_.prompt_tokens;
    usage.completion_tokens = spent_.completion_tokens;
    usage.cost_micros = spent_.cost_micros;
    answer.attempts = attempts_;
  }

 private:
  const Completer& completer_;
  const RunOptions& options_;
  const std::function<void(std::chrono::milliseconds)>& sleep_;
  const RunQuestion& question_;
  const Steady::time_point give_up_;
  const std::function<bool()>& stopped_;
  std::optional<Completion> first_;
  Usage spent_;  // Without times.
  std::uint32_t attempts_ = 0;
};

std::string InWords(const absl::Status& status) {
  return fmt::format("{}: {}", absl::StatusCodeToString(status.code()),
                     base::S(status.message()));
}

code_analysis::Language LanguageOf(const Location& location) {
  const auto named = code_analysis::ParseLanguage(location.language);
  return named != code_analysis::Language::kUnknown
             ? named
             : code_analysis::LanguageOfPath(location.path);
}

}  // namespace

RunAnswerer::RunAnswerer(const Completer& completer, RunOptions options,
                         std::function<void(std::chrono::milliseconds)> sleep)
    : completer_(completer), options_(options), sleep_(std::move(sleep)) {}

RunAnswer RunAnswerer::Answer(const RunQuestion& question,
                              Steady::time_point give_up,
                              const std::function<bool()>& stopped) const {
  RunAnswer answer;
  Asker asker(completer_, options_, sleep_, question, give_up, stopped);
  if (question.typed) {
    const Location& location = question.query.location;
    const replay::AddedRun run = replay::RunOf(
        location.path, LanguageOf(location), question.query.prefix,
        question.committed, question.query.suffix);
    auto tally = replay::TypeRun(run, asker);
    if (!tally.ok()) {
      answer.infrastructure_error = InWords(tally.status());
      asker.PutSpent(answer);
      return answer;
    }
    answer.tally = *std::move(tally);
  }
  // A line without a token is typed without a question.
  if (!asker.first()) {
    if (auto once = asker.Ask(question.query); !once.ok()) {
      answer.infrastructure_error = InWords(once.status());
      asker.PutSpent(answer);
      return answer;
    }
  }
  answer.completion = *asker.first();
  asker.PutSpent(answer);
  return answer;
}

}  // namespace evalloop::serving
