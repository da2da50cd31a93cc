#ifndef EVALLOOP_TESTS_GATEWAY_MODEL_SERVER_DOUBLE_H_
#define EVALLOOP_TESTS_GATEWAY_MODEL_SERVER_DOUBLE_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/http/server.h"

namespace evalloop::serving {

// An OpenAI-compatible model server that always says "return a + b", on a port
// of its own. What it does is chosen by the request's model:
//   good      answers, or streams word by word, cut in mid-event
//   stall     never answers
//   limited   429 with Retry-After: 7
//   broken    500
//   cut       streams one word, then breaks off
// Thread-safe.
class ModelServerDouble {
 public:
  ModelServerDouble();  // Dies when it can't listen.
  ~ModelServerDouble();

  // http://127.0.0.1:PORT/v1
  std::string base_url() const;

  // Bodies of the calls so far.
  std::vector<std::string> calls() const;
  // Calls that the gateway gave up while they were stalled.
  int abandoned() const { return abandoned_.load(); }

 private:
  void Handle(http::Request request, std::shared_ptr<http::ResponseWriter> out);

  mutable std::mutex mu_;
  std::vector<std::string> calls_;
  std::vector<std::shared_ptr<http::ResponseWriter>> stalled_;
  std::atomic<int> abandoned_{0};
  std::unique_ptr<http::Server> server_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_TESTS_GATEWAY_MODEL_SERVER_DOUBLE_H_
