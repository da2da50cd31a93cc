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

#include "absl/strings/match.h"
#include "platform/base/access.h"
#include "platform/base/text.h"

namespace evalloop::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxHeaderBytes = 256u << 10;
// Longest sleep while calls are under way; bounds how late a stall is seen.
constexpr std::chrono::milliseconds kTick{50};

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

// One exchange. Touched by the client's thread only, but for `cancelled`.
struct Transfer {
  ClientRequest request;
  ClientCallbacks callbacks;
  std::atomic<bool> cancelled{false};

  Easy easy;
  HeaderList headers;
  ClientResponse response;
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;
  bool too_large = false;
  Clock::time_point started;
  Clock::time_point last_byte;
};

// host of `url`, empty when it is malformed.
std::string HostOf(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(
      curl_url(), &curl_url_cleanup);
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return "";
  }
  std::string text(host);
  curl_free(host);
  return text;
}

std::size_t OnHeader(char* data, std::size_t size, std::size_t count,
                     void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line(data, size * count);
  transfer.last_byte = Clock::now();
  transfer.header_bytes += line.size();
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // Forget an interim answer (100, 103).
    transfer.response.headers = Headers();
    return line.size();
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::string_view value = line.substr(colon + 1);
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = value.find_first_not_of(kSpace);
  value = first == std::string_view::npos
              ? ""
              : value.substr(first, value.find_last_not_of(kSpace) - first + 1);
  transfer.response.headers.Add(std::string(line.substr(0, colon)),
                                std::string(value));
  return line.size();
}

std::size_t OnBody(char* data, std::size_t size, std::size_t count,
                   void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(data, size * count);
  if (transfer.cancelled) return CURL_WRITEFUNC_ERROR;
  transfer.last_byte = Clock::now();
  transfer.body_bytes += piece.size();
  if (transfer.body_bytes > transfer.request.max_response) {
    transfer.too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (transfer.callbacks.on_chunk && status / 100 == 2) {
    transfer.callbacks.on_chunk(piece);
  } else {
    transfer.response.body += piece;
  }
  return transfer.cancelled ? CURL_WRITEFUNC_ERROR : piece.size();
}

absl::Status Prepare(Transfer& transfer) {
  const ClientRequest& request = transfer.request;
  const std::string host = HostOf(request.url);
  if (host.empty()) {
    return absl::InvalidArgumentError(
        "the URL is malformed: it must be "
        "http://host... or https://host...");
  }
  CURL* const easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  // Over TLS only: 7.88 fails on a reused HTTP/2 connection without it.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  if (request.url.starts_with("https:")) {
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  }
  if (base::IsLoopback(host)) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  // curl reads 0 as "for ever".
  curl_easy_setopt(
      easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::max<std::int64_t>(1, request.deadline.count())));
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  // Without "Expect:" a larger body would wait for "100 Continue".
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    if ((name + value).find_first_of("\r\n") != std::string::npos) {
      curl_slist_free_all(list);
      return absl::InvalidArgumentError(
          fmt::format("header {} holds a line end", name));
    }
    typed = typed || absl::EqualsIgnoreCase(name, "content-type");
    // curl sends a field without a value only when it ends in ';'.
    const std::string line =
        value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    list = curl_slist_append(list, line.c_str());
  }
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  transfer.headers.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  return absl::OkStatus();
}

absl::Status StatusOf(const Transfer& transfer, CURLcode code) {
  if (transfer.cancelled) return absl::CancelledError("cancelled");
  if (code == CURLE_OK) return absl::OkStatus();
  const std::string host = HostOf(transfer.request.url);
  if (transfer.too_large) {
    return absl::ResourceExhaustedError(
        fmt::format("the answer of {} is too large", host));
  }
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::InvalidArgumentError(
          "the URL must be http://host... or https://host...");
    case CURLE_OPERATION_TIMEDOUT:
      if (Clock::now() - transfer.started >= transfer.request.deadline) {
        return absl::DeadlineExceededError(
            fmt::format("{} did not answer within {} ms", host,
                        transfer.request.deadline.count()));
      }
      [[fallthrough]];  // The connection was not made in time.
    default:
      return absl::UnavailableError(
          fmt::format("{}: {}", host, curl_easy_strerror(code)));
  }
}

}  // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  explicit Impl(ClientOptions options) : options_(options) {
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
      const absl::Status prepared = Prepare(*transfer);
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

Client::Client(ClientOptions options) : impl_(std::make_shared<Impl>(options)) {
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
