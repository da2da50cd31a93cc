// How long prompt_engine takes to resolve a revision that it knows: in process,
// and over gRPC on the loopback, with one client and with eight. The store is a
// fake in memory, and each line says how often it was asked: what is measured
// is the answer from the cache. One JSON line a way: p50 and p99 in
// microseconds. Run by hand; never a timed test.
//
//   build/release/bench/resolve

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/testing/fake_commit_store.h"
#include "prompt_engine/testing/fake_gates.h"
#include "prompt_engine/testing/fake_library_store.h"
#include "prompt_engine/testing/fake_outcome_records.h"
#include "prompt_engine/testing/fake_outcome_store.h"
#include "prompt_engine/translate/content_codec.h"

namespace {

using namespace evalloop;
using prompt_engine::RevisionSelector;
using Steady = std::chrono::steady_clock;

constexpr int kPrompts = 100;
constexpr int kVersions = 10;
constexpr int kResolves = 50'000;
constexpr int kCalls = 5'000;
constexpr std::size_t kTextBytes = 2'000;

void Need(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(3);
}

// The fake store writes at once; this counts how often it is asked.
class CountingTransactor final : public base::Transactor {
 public:
  absl::Status Run(
      const std::function<absl::Status(base::UnitOfWork&)>& body) override {
    class Nothing final : public base::UnitOfWork {};
    Nothing work;
    std::lock_guard lock(mu_);
    ++runs_;
    return body(work);
  }
  int runs() const {
    std::lock_guard lock(mu_);
    return runs_;
  }

 private:
  mutable std::mutex mu_;
  int runs_ = 0;
};

struct Engine {
  CountingTransactor transactor;
  base::SystemClock clock;
  prompt_engine::FakeLibraryStore store;
  prompt_engine::FakeLibraryEvents events;
  prompt_engine::FakeCommitStore commits;
  prompt_engine::FakeOutcomeStore outcomes;
  prompt_engine::FakeOutcomeRecords records;
  prompt_engine::FakeGates gates;
  prompt_engine::ProtoContentCodec codec;
  prompt_engine::RevisionCache cache{clock};
  prompt_engine::Library library{
      {transactor, store, events, codec, gates, cache, clock}};
  prompt_engine::Ingestor ingestor{transactor, commits, clock, {}};
  prompt_engine::Proposer proposer{transactor, outcomes, library};
  telemetry::Registry registry;
  rpc::Executor executor{{}, registry};
  prompt_engine::PromptEngineService service{
      {library, ingestor, proposer, transactor, commits, records}, executor};
};

std::string PromptOf(int i) { return fmt::format("team/complete-{}", i); }

// Prompts with versions and a label each.
void Fill(Engine& engine) {
  for (int i = 0; i < kPrompts; ++i) {
    for (int version = 1; version <= kVersions; ++version) {
      prompt_engine::PushRequest push;
      push.prompt = PromptOf(i);
      push.content.form.text = std::string(kTextBytes, 'x') + "{{prefix}}";
      push.content.model = "ngram";
      push.content.sampling.max_tokens = static_cast<std::uint32_t>(version);
      push.content.sampling.stop = {"\n"};
      Need(engine.library.Push(push).status());
    }
    Need(engine.library
             .Move({PromptOf(i), "canary", kVersions / 2, "bench", "", 0})
             .status());
  }
}

RevisionSelector SelectorOf(int i, bool by_label) {
  RevisionSelector selector;
  selector.prompt = PromptOf(i % kPrompts);
  if (by_label) {
    selector.label = "canary";
  } else {
    selector.version = 1 + static_cast<std::uint32_t>(i / kPrompts % kVersions);
  }
  return selector;
}

void Print(std::string_view way, std::vector<double> micros, int store_reads) {
  std::sort(micros.begin(), micros.end());
  const auto at = [&](double share) {
    return micros[static_cast<std::size_t>(
        share * static_cast<double>(micros.size() - 1))];
  };
  fmt::print(
      "{{\"way\":\"{}\",\"resolves\":{},\"p50_us\":{:.1f},\"p99_us\":{:.1f},"
      "\"store_reads\":{}}}\n",
      way, micros.size(), at(0.5), at(0.99), store_reads);
}

// Calls `resolve` with rising numbers from each of `threads`.
void Measure(Engine& engine, std::string_view way, int threads, int calls,
             const std::function<absl::Status(int)>& resolve) {
  // Each once, so that the cache is warm.
  for (int i = 0; i < kPrompts * kVersions; ++i) Need(resolve(i));
  const int before = engine.transactor.runs();
  std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> running;
    for (std::vector<double>& own : times) {
      running.emplace_back([&own, &resolve, calls, threads] {
        for (int i = 0; i < calls / threads; ++i) {
          const auto since = Steady::now();
          Need(resolve(i));
          own.push_back(
              std::chrono::duration<double, std::micro>(Steady::now() - since)
                  .count());
        }
      });
    }
  }
  std::vector<double> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  Print(way, std::move(all), engine.transactor.runs() - before);
}

void MeasureInProcess(Engine& engine) {
  for (const bool by_label : {false, true}) {
    Measure(engine, by_label ? "in process, label" : "in process, version", 1,
            kResolves, [&](int i) {
              return engine.library.Resolve(SelectorOf(i, by_label)).status();
            });
  }
}

void MeasureOverGrpc(Engine& engine) {
  auto server = rpc::Server::Start({}, engine.executor, {&engine.service});
  Need(server.status());
  rpc::ChannelOptions to;
  to.target = fmt::format("127.0.0.1:{}", (*server)->port());
  const auto stub = v1::PromptEngineService::NewStub(rpc::NewChannel(to));
  const auto resolve = [&](int i) {
    v1::GetRevisionRequest request;
    request.mutable_revision()->set_prompt(PromptOf(i % kPrompts));
    request.mutable_revision()->set_label("canary");
    return rpc::CallUnary(*stub, &v1::PromptEngineService::Stub::GetRevision,
                          request, std::chrono::seconds(10))
        .status();
  };
  Measure(engine, "gRPC, label, 1 client", 1, kCalls, resolve);
  Measure(engine, "gRPC, label, 8 clients", 8, kCalls, resolve);
}

}  // namespace

int main() {
  Engine engine;
  Fill(engine);
  MeasureInProcess(engine);
  MeasureOverGrpc(engine);
  return 0;
}
