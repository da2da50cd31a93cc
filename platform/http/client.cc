#include "platform/http/client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "platform/http/transfer.h"

namespace evalloop::http {
namespace {

using Clock = std::chrono::steady_clock;

// Longest sleep while calls are under way; bounds how late a stall is seen.
constexpr std::chrono::milliseconds kTick{50};

}  // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  explicit Impl(ClientOptions options) : options_(std::move(options)) {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(global);
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(options_.max_connections_per_host));
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS,
                      4L * options_.max_connections_per_host);
  }
  ~Impl() { curl_multi_cleanup(multi_); }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }
  void Stop() {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
  }

  std::shared_ptr<Transfer> Send(ClientRequest request,
                                 ClientCallbacks callbacks) {
    auto transfer = std::make_shared<Transfer>();
    transfer->request = std::move(request);
    transfer->callbacks = std::move(callbacks);
    transfer->started = transfer->last_byte = Clock::now();
    {
      std::lock_guard lock(mu_);
      incoming_.push_back(transfer);
    }
    curl_multi_wakeup(multi_);
    return transfer;
  }

  void Cancel(Transfer& transfer) {
    transfer.cancelled = true;
    curl_multi_wakeup(multi_);
  }

 private:
  using Transfers = std::list<std::shared_ptr<Transfer>>;

  void Run() {
    sigset_t signals;  // A TLS write to a closed socket raises SIGPIPE.
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    while (!stopping_) {
      const auto wait =
          active_.empty() ? std::chrono::milliseconds(1'000) : kTick;
      // Perform always follows, so no wake-up is lost.
      curl_multi_poll(multi_, nullptr, 0, static_cast<int>(wait.count()),
                      nullptr);
      Admit();
      int running = 0;
      curl_multi_perform(multi_, &running);
      CollectDone();
      EndStalledAndCancelled();
    }
    Admit();
    for (auto& transfer : active_) transfer->cancelled = true;
    EndStalledAndCancelled();
  }

  void Admit() {
    std::vector<std::shared_ptr<Transfer>> incoming;
    {
      std::lock_guard lock(mu_);
      incoming.swap(incoming_);
    }
    for (auto& transfer : incoming) {
      if (active_.size() >= static_cast<std::size_t>(options_.max_calls)) {
        Done(*transfer,
             absl::ResourceExhaustedError("too many HTTP calls are under way"));
        continue;
      }
      transfer->easy = TakeEasy();
      const absl::Status prepared = Prepare(*transfer, options_.ca_file);
      if (!prepared.ok()) {
        Done(*transfer, prepared);
        continue;
      }
      curl_multi_add_handle(multi_, transfer->easy.get());
      active_.push_back(std::move(transfer));
    }
  }

  void CollectDone() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      Transfer* found = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &found);
      const auto at = std::find_if(
          active_.begin(), active_.end(),
          [&](const auto& transfer) { return transfer.get() == found; });
      if (at == active_.end()) continue;
      const auto transfer = *at;
      active_.erase(at);
      End(*transfer, StatusOf(*transfer, code));
    }
  }

  void EndStalledAndCancelled() {
    const auto now = Clock::now();
    for (auto at = active_.begin(); at != active_.end();) {
      const auto transfer = *at;
      absl::Status status;
      if (transfer->cancelled) {
        status = absl::CancelledError("cancelled");
      } else if (now - transfer->last_byte > transfer->request.stall_timeout) {
        status = absl::DeadlineExceededError(fmt::format(
            "{} sent nothing for {} ms", HostOf(transfer->request.url),
            transfer->request.stall_timeout.count()));
      } else {
        ++at;
        continue;
      }
      at = active_.erase(at);
      End(*transfer, status);
    }
  }

  void End(Transfer& transfer, const absl::Status& status) {
    curl_multi_remove_handle(multi_, transfer.easy.get());
    long code = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &code);
    transfer.response.status = static_cast<int>(code);
    Done(transfer, status);
  }

  void Done(Transfer& transfer, const absl::Status& status) {
    if (transfer.easy != nullptr) {
      curl_easy_reset(transfer.easy.get());  // Keeps its connections.
      if (idle_.size() < kMaxIdle) idle_.push_back(std::move(transfer.easy));
    }
    // What the callbacks own goes away with them, on this thread.
    const ClientCallbacks callbacks = std::exchange(transfer.callbacks, {});
    if (status.ok()) {
      callbacks.on_done(std::move(transfer.response));
    } else {
      callbacks.on_done(status);
    }
  }

  Easy TakeEasy() {
    if (idle_.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    return easy;
  }

  static constexpr std::size_t kMaxIdle = 64;

  const ClientOptions options_;
  CURLM* multi_ = nullptr;
  std::atomic<bool> stopping_{false};
  std::mutex mu_;
  std::vector<std::shared_ptr<Transfer>> incoming_;
  // The thread's own.
  Transfers active_;
  std::vector<Easy> idle_;
  std::thread thread_;
};

Client::Client(ClientOptions options)
    : impl_(std::make_shared<Impl>(std::move(options))) {
  impl_->Start();
}

Client::~Client() { impl_->Stop(); }

std::shared_ptr<ClientCall> Client::Send(ClientRequest request,
                                         ClientCallbacks callbacks) {
  class Call final : public ClientCall {
   public:
    Call(std::weak_ptr<Impl> impl, std::shared_ptr<Transfer> transfer)
        : impl_(std::move(impl)), transfer_(std::move(transfer)) {}
    void Cancel() override {
      if (const auto impl = impl_.lock()) impl->Cancel(*transfer_);
    }

   private:
    const std::weak_ptr<Impl> impl_;
    const std::shared_ptr<Transfer> transfer_;
  };
  auto transfer = impl_->Send(std::move(request), std::move(callbacks));
  return std::make_shared<Call>(impl_, std::move(transfer));
}

absl::StatusOr<ClientResponse> Client::Fetch(ClientRequest request) {
  std::promise<absl::StatusOr<ClientResponse>> promise;
  auto done = promise.get_future();
  ClientCallbacks callbacks;
  callbacks.on_done = [&promise](absl::StatusOr<ClientResponse> response) {
    promise.set_value(std::move(response));
  };
  Send(std::move(request), std::move(callbacks));
  return done.get();  // on_done always runs, by the deadline at the latest.
}

}  // namespace evalloop::http
