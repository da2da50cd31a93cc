#include "platform/transcoding/exchange.h"

#include <grpcpp/completion_queue.h>

#include <vector>

namespace evalloop::transcoding {
namespace {

// Whether the step that is under way came to something.
bool Done(grpc::CompletionQueue& queue, const Listener& listener) {
  void* tag = nullptr;
  bool ok = false;
  if (!listener.on_wait) return queue.Next(&tag, &ok) && ok;
  while (true) {
    switch (queue.AsyncNext(
        &tag, &ok, std::chrono::system_clock::now() + listener.patience)) {
      case grpc::CompletionQueue::GOT_EVENT:
        return ok;
      case grpc::CompletionQueue::TIMEOUT:
        listener.on_wait();
        break;
      case grpc::CompletionQueue::SHUTDOWN:
        return false;
    }
  }
}

}  // namespace

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::Status Exchange(grpc::GenericStub& stub, const std::string& rpc,
                      grpc::ClientContext& context,
                      const grpc::ByteBuffer& request,
                      const Listener& listener) {
  grpc::CompletionQueue queue;
  const auto stream = stub.PrepareCall(&context, rpc, &queue);
  stream->StartCall(nullptr);
  bool going = Done(queue, listener);
  if (going) {
    stream->WriteLast(request, {}, nullptr);
    going = Done(queue, listener);
  }
  while (going) {
    grpc::ByteBuffer message;
    stream->Read(&message, nullptr);
    if (!Done(queue, listener)) break;
    if (!listener.on_message(message)) {
      context.TryCancel();
      break;
    }
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  Done(queue, listener);
  return status;
}

}  // namespace evalloop::transcoding
