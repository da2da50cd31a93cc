#ifndef EVALLOOP_PLATFORM_RPC_STREAM_WRITER_H_
#define EVALLOOP_PLATFORM_RPC_STREAM_WRITER_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "platform/rpc/executor.h"

namespace evalloop::rpc {

// The sending end of a server stream, for the body of ServerStream. Used by one
// thread.
template <class Response>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Sends `message`; waits while the one before is still under way. False when
  // the client is gone, the server stops, or the client took nothing for 30 s:
  // return then.
  [[nodiscard]] virtual bool Write(Response message) = 0;

  // True when nobody wants more.
  virtual bool cancelled() = 0;

  // Sleeps `time`, or less when cancelled. False when cancelled.
  [[nodiscard]] virtual bool SleepFor(std::chrono::milliseconds time) = 0;
};

namespace internal {

// Couples gRPC's reactions to a blocking writer. Deletes itself when gRPC is
// done with it, which is after Finish and after every reaction has returned.
template <class Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response>,
                            public StreamWriter<Response>,
                            public Stoppable {
 public:
  explicit StreamReactor(grpc::CallbackServerContext* context)
      : context_(context) {}

  bool Write(Response message) override {
    {
      std::unique_lock lock(mu_);
      if (!changed_.wait_for(lock, kWriteTimeout,
                             [this] { return !writing_ || Ended(); })) {
        gone_ = true;
        context_->TryCancel();
      }
      if (Ended()) {
        told_ = true;
        return false;
      }
      message_ = std::move(message);
      writing_ = true;
    }
    this->StartWrite(&message_);
    return true;
  }

  bool cancelled() override {
    std::lock_guard lock(mu_);
    told_ = told_ || Ended();
    return Ended();
  }

  bool SleepFor(std::chrono::milliseconds time) override {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, time, [this] { return Ended(); });
    told_ = told_ || Ended();
    return !Ended();
  }

  // Stoppable
  void Stop() override {
    std::lock_guard lock(mu_);
    stopped_ = true;
    changed_.notify_all();
  }

  // Waits for the last write, then says how the stream ended. A body that was
  // told to stop did not send everything, whatever it returns.
  absl::Status Settle(absl::Status returned) {
    std::unique_lock lock(mu_);
    // Bounded like any write: then the call is cancelled, which ends it.
    if (!changed_.wait_for(lock, kWriteTimeout,
                           [this] { return !writing_ || gone_; })) {
      gone_ = true;
      context_->TryCancel();
    }
    changed_.wait(lock, [this] { return !writing_; });
    if (!told_) return returned;
    return gone_ ? absl::CancelledError("the client left")
                 : absl::UnavailableError("the server is stopping");
  }

 private:
  static constexpr std::chrono::seconds kWriteTimeout{30};

  bool Ended() const { return gone_ || stopped_; }

  // grpc::ServerWriteReactor
  void OnWriteDone(bool ok) override {
    std::lock_guard lock(mu_);
    writing_ = false;
    if (!ok) gone_ = true;
    changed_.notify_all();
  }
  void OnCancel() override {
    std::lock_guard lock(mu_);
    gone_ = true;
    changed_.notify_all();
  }
  void OnDone() override { delete this; }

  grpc::CallbackServerContext* const context_;
  std::mutex mu_;
  std::condition_variable changed_;
  Response message_;
  bool writing_ = false;
  bool gone_ = false;
  bool stopped_ = false;
  bool told_ = false;  // The body knows of gone_ or stopped_.
};

}  // namespace internal
}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_STREAM_WRITER_H_
