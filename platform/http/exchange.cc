#include "platform/http/exchange.h"

namespace evalloop::http {

Exchange::Work Exchange::Take() {
  std::lock_guard lock(mu_);
  Work work;
  work.streaming = streaming_;
  work.has_head = std::exchange(has_head_, false);
  if (work.has_head) work.head = std::move(head_);
  work.data = std::exchange(pending_, {});
  in_flight_ = work.data.size();
  work.end = phase_ == Phase::kEnded && !broken_ && !end_taken_;
  work.broken = broken_;
  end_taken_ = end_taken_ || work.end;
  return work;
}

void Exchange::Sent() {
  std::lock_guard lock(mu_);
  in_flight_ = 0;
  drained_.notify_all();
}

void Exchange::Finish() {
  std::function<void()> dropped;  // Destroyed after the lock is released.
  std::lock_guard lock(mu_);
  finished_ = true;
  dropped = std::exchange(on_cancel_, nullptr);
  drained_.notify_all();
}

void Exchange::Cancel() {
  std::function<void()> callback;
  {
    std::lock_guard lock(mu_);
    if (finished_ || cancelled_) return;
    cancelled_ = true;
    pending_.clear();
    callback = std::exchange(on_cancel_, nullptr);
    drained_.notify_all();
  }
  if (callback) callback();
}

void Exchange::Detach() {
  std::lock_guard lock(mu_);
  wake_ = nullptr;
}

bool Exchange::finished() const {
  std::lock_guard lock(mu_);
  return finished_;
}

void Exchange::Send(Response response) {
  std::lock_guard lock(mu_);
  if (phase_ != Phase::kWaiting) return;
  head_ = std::move(response);
  has_head_ = true;
  phase_ = Phase::kEnded;
  Wake();
}

void Exchange::StartStream(int status, Headers headers) {
  std::lock_guard lock(mu_);
  if (phase_ != Phase::kWaiting) return;
  head_.status = status;
  head_.headers = std::move(headers);
  has_head_ = true;
  streaming_ = true;
  phase_ = Phase::kStreaming;
  Wake();
}

WriteResult Exchange::Write(std::string chunk) {
  std::lock_guard lock(mu_);
  if (phase_ != Phase::kStreaming || cancelled_) return WriteResult::kGone;
  if (Full()) return WriteResult::kFull;
  const bool was_empty = pending_.empty();
  if (was_empty) {
    pending_ = std::move(chunk);
  } else {
    pending_ += chunk;
  }
  // While a write is under way, or a wake is, the connection looks again.
  if (was_empty && in_flight_ == 0) Wake();
  return WriteResult::kOk;
}

bool Exchange::WaitWritable(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mu_);
  const auto ended = [this] {
    return cancelled_ || finished_ || phase_ != Phase::kStreaming;
  };
  drained_.wait_for(lock, timeout, [&] { return ended() || !Full(); });
  return !ended() && !Full();
}

void Exchange::End() {
  std::lock_guard lock(mu_);
  if (phase_ != Phase::kStreaming) return;
  phase_ = Phase::kEnded;
  Wake();
}

bool Exchange::cancelled() const {
  std::lock_guard lock(mu_);
  return cancelled_;
}

void Exchange::OnCancel(std::function<void()> callback) {
  std::function<void()> replaced;
  {
    std::lock_guard lock(mu_);
    if (finished_) return;
    if (!cancelled_) {
      replaced = std::exchange(on_cancel_, std::move(callback));
      return;
    }
  }
  if (callback) callback();
}

void Exchange::Abandon() {
  std::lock_guard lock(mu_);
  if (phase_ == Phase::kEnded) return;
  if (phase_ == Phase::kWaiting) {
    head_ = ErrorResponse(500, "server_error", "internal error");
    has_head_ = true;
  } else {
    broken_ = true;
  }
  phase_ = Phase::kEnded;
  Wake();
}

void Exchange::Wake() {
  if (wake_) wake_();
}

}  // namespace evalloop::http
