#ifndef EVALLOOP_PLATFORM_TESTING_RECORDING_RESPONSE_WRITER_H_
#define EVALLOOP_PLATFORM_TESTING_RECORDING_RESPONSE_WRITER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "platform/http/server.h"

namespace evalloop::http {

// Keeps what a handler answers, without a socket. Thread-safe.
class RecordingResponseWriter final : public ResponseWriter {
 public:
  // Waits for the end of the answer. False after `timeout`.
  bool WaitDone(std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    std::unique_lock lock(mu_);
    return changed_.wait_for(lock, timeout, [this] { return done_; });
  }

  // The answer so far; a stream's pieces are joined in its body.
  Response response() const {
    std::lock_guard lock(mu_);
    return response_;
  }
  bool streamed() const {
    std::lock_guard lock(mu_);
    return streamed_;
  }

  // Acts as a client that leaves.
  void Cancel() {
    std::function<void()> callback;
    {
      std::lock_guard lock(mu_);
      if (done_ || cancelled_) return;
      cancelled_ = true;
      callback = std::exchange(on_cancel_, nullptr);
    }
    if (callback) callback();
  }

  // ResponseWriter
  void Send(Response response) override {
    std::lock_guard lock(mu_);
    if (done_ || streamed_) return;
    response_ = std::move(response);
    Done();
  }
  void StartStream(int status, Headers headers) override {
    std::lock_guard lock(mu_);
    if (done_ || streamed_) return;
    streamed_ = true;
    response_.status = status;
    response_.headers = std::move(headers);
  }
  WriteResult Write(std::string chunk) override {
    std::lock_guard lock(mu_);
    if (!streamed_ || done_ || cancelled_) return WriteResult::kGone;
    response_.body += chunk;
    return WriteResult::kOk;
  }
  bool WaitWritable(std::chrono::milliseconds) override {
    std::lock_guard lock(mu_);
    return !done_ && !cancelled_;
  }
  void End() override {
    std::lock_guard lock(mu_);
    if (streamed_) Done();
  }
  bool cancelled() const override {
    std::lock_guard lock(mu_);
    return cancelled_;
  }
  void OnCancel(std::function<void()> callback) override {
    {
      std::lock_guard lock(mu_);
      if (done_) return;
      if (!cancelled_) {
        on_cancel_ = std::move(callback);
        return;
      }
    }
    callback();
  }

 private:
  void Done() {
    done_ = true;
    on_cancel_ = nullptr;
    changed_.notify_all();
  }

  mutable std::mutex mu_;
  std::condition_variable changed_;
  Response response_;
  bool streamed_ = false;
  bool done_ = false;
  bool cancelled_ = false;
  std::function<void()> on_cancel_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_TESTING_RECORDING_RESPONSE_WRITER_H_
