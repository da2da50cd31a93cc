#ifndef EVALLOOP_PLATFORM_HTTP_EXCHANGE_H_
#define EVALLOOP_PLATFORM_HTTP_EXCHANGE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "platform/http/server.h"

namespace evalloop::http {

// Private to the server: one request's answer on its way from the handler
// (any thread) to the connection (its strand). Thread-safe.
class Exchange {
 public:
  // wake: called when there may be something to Take, with the lock held, until
  // Detach; it must only post.
  Exchange(std::size_t max_buffered, std::function<void()> wake)
      : max_buffered_(max_buffered), wake_(std::move(wake)) {}

  // What the connection must write next, in this order.
  struct Work {
    bool has_head = false;
    bool streaming = false;
    Response head;     // Without its body when streaming.
    std::string data;  // The next piece of a stream.
    bool end = false;
    bool broken = false;  // The handler gave up within a stream.

    bool empty() const { return !has_head && data.empty() && !end && !broken; }
  };

  // For the connection.
  Work Take();    // The previous Work must have been Sent.
  void Sent();    // What Take gave is written.
  void Finish();  // The whole answer is written.
  void Cancel();  // The client left. Runs the callback.
  void Detach();  // The connection turns away: no more wakes.
  bool finished() const;

  // For the handler; see ResponseWriter.
  void Send(Response response);
  void StartStream(int status, Headers headers);
  WriteResult Write(std::string chunk);
  bool WaitWritable(std::chrono::milliseconds timeout);
  void End();
  bool cancelled() const;
  void OnCancel(std::function<void()> callback);
  void Abandon();  // The handler dropped its writer.

 private:
  enum class Phase { kWaiting, kStreaming, kEnded };

  bool Full() const { return pending_.size() + in_flight_ >= max_buffered_; }
  void Wake();

  const std::size_t max_buffered_;
  mutable std::mutex mu_;
  std::condition_variable drained_;
  std::function<void()> wake_;
  std::function<void()> on_cancel_;
  Phase phase_ = Phase::kWaiting;
  bool has_head_ = false;  // head_ waits to be taken.
  bool streaming_ = false;
  Response head_;
  std::string pending_;
  std::size_t in_flight_ = 0;
  bool end_taken_ = false;
  bool broken_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

// What the handler holds.
class ExchangeWriter final : public ResponseWriter {
 public:
  explicit ExchangeWriter(std::shared_ptr<Exchange> exchange)
      : exchange_(std::move(exchange)) {}
  ~ExchangeWriter() override { exchange_->Abandon(); }
  ExchangeWriter(const ExchangeWriter&) = delete;
  ExchangeWriter& operator=(const ExchangeWriter&) = delete;

  void Send(Response response) override {
    exchange_->Send(std::move(response));
  }
  void StartStream(int status, Headers headers) override {
    exchange_->StartStream(status, std::move(headers));
  }
  WriteResult Write(std::string chunk) override {
    return exchange_->Write(std::move(chunk));
  }
  bool WaitWritable(std::chrono::milliseconds timeout) override {
    return exchange_->WaitWritable(timeout);
  }
  void End() override { exchange_->End(); }
  bool cancelled() const override { return exchange_->cancelled(); }
  void OnCancel(std::function<void()> callback) override {
    exchange_->OnCancel(std::move(callback));
  }

 private:
  const std::shared_ptr<Exchange> exchange_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_EXCHANGE_H_
