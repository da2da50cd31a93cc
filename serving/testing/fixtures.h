#ifndef EVALLOOP_SERVING_TESTING_FIXTURES_H_
#define EVALLOOP_SERVING_TESTING_FIXTURES_H_

#include <string>

#include "platform/testing/fake_clock.h"
#include "serving/domain/completer.h"
#include "serving/domain/feedback_desk.h"
#include "serving/domain/live_completions.h"
#include "serving/testing/fake_completion_log.h"
#include "serving/testing/fake_provider.h"

namespace evalloop::serving {

inline Model TestModel(std::string name = "small") {
  Model model;
  model.name = std::move(name);
  model.provider = ProviderKind::kOpenAiCompatible;
  model.base_url = "http://127.0.0.1:1/v1";
  model.model_id = "small-id";
  model.snapshot = "snap";
  return model;
}

inline Revision TestRevision(std::string prompt, std::uint32_t version) {
  Revision revision;
  revision.prompt = std::move(prompt);
  revision.version = version;
  revision.digest = "digest-" + std::to_string(version);
  revision.model = "small";
  revision.sampling.max_tokens = 32;
  revision.output.show = completion_policy::ShowAlways{};
  return revision;
}

class CountingObserver final : public LiveObserver {
 public:
  void Completed(const Completion&, const absl::Status&,
                 std::chrono::nanoseconds) override {
    ++count;
  }
  std::atomic<int> count{0};
};

// The live half of a gateway over fakes: model "small", prompt "complete" with
// version 1 in production and version 2 without a label.
struct LiveFixture {
  explicit LiveFixture(LiveOptions options = {})
      : live(library, completer, ids, log, clock, observer,
             WithoutPatience(options)) {
    library.Put(TestModel());
    library.Put(TestRevision("complete", 1));
    library.Put(TestRevision("complete", 2));
    library.Move({.prompt = "complete",
                  .label = "production",
                  .version = 1,
                  .sequence = 1});
  }

  static LiveOptions WithoutPatience(LiveOptions options) {
    options.patience = std::chrono::milliseconds(0);
    return options;
  }

  testing::FakeClock clock;
  Library library;
  FakeProvider provider;
  FakeCompletionLog log;
  CountingObserver observer;
  CompletionIds ids{"a key of more than sixteen bytes", clock};
  Completer completer{library, provider};
  LiveCompletions live;
  FeedbackDesk feedback{ids, log, clock};
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_TESTING_FIXTURES_H_
