#include "platform/testing/test_topics.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "platform/base/ids.h"

namespace evalloop::testing {
namespace {

constexpr std::chrono::seconds kTimeout{30};

}  // namespace

absl::StatusOr<std::unique_ptr<TestTopics>> TestTopics::Create(
    std::vector<kafka::TopicSpec> specs) {
  const char* const brokers = std::getenv("EVALLOOP_KAFKA_BROKERS");
  if (brokers == nullptr || *brokers == '\0') {
    return absl::FailedPreconditionError(
        "EVALLOOP_KAFKA_BROKERS is not set; `./dev test integration` starts "
        "Kafka and sets it");
  }
  const std::string prefix = "test-" + base::RandomId();
  std::vector<std::string> names;
  for (auto& spec : specs) {
    spec.name = prefix + "." + spec.name;
    names.push_back(spec.name);
  }
  if (auto made = kafka::EnsureTopics(brokers, specs, kTimeout); !made.ok()) {
    return made;
  }
  return std::unique_ptr<TestTopics>(
      new TestTopics(brokers, prefix, std::move(names)));
}

std::unique_ptr<TestTopics> TestTopics::CreateOrDie(
    std::vector<kafka::TopicSpec> specs) {
  auto topics = Create(std::move(specs));
  if (!topics.ok()) {
    std::fprintf(stderr, "no test topics: %s\n",
                 topics.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(topics);
}

TestTopics::TestTopics(std::string brokers, std::string prefix,
                       std::vector<std::string> names)
    : brokers_(std::move(brokers)),
      prefix_(std::move(prefix)),
      names_(std::move(names)) {}

TestTopics::~TestTopics() {
  const auto deleted = kafka::DeleteTopics(brokers_, names_, kTimeout);
  if (!deleted.ok()) {
    std::fprintf(stderr, "%s\n", deleted.ToString().c_str());
  }
}

std::string TestTopics::Name(std::string_view suffix) const {
  return prefix_ + "." + std::string(suffix);
}

}  // namespace evalloop::testing
