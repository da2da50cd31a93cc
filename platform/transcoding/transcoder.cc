#include "platform/transcoding/transcoder.h"

#include <fmt/format.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "platform/base/reason.h"
#include "platform/rpc/status.h"
#include "platform/transcoding/exchange.h"
#include "platform/transcoding/messages.h"

namespace evalloop::transcoding {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kTimeoutHeader = "x-server-timeout";
constexpr milliseconds kSlowReader{30'000};

// `fallback`, or what the client asked for, where that is shorter.
absl::StatusOr<milliseconds> DeadlineOf(const http::Headers& headers,
                                        milliseconds fallback) {
  const auto text = headers.Find(kTimeoutHeader);
  if (!text.has_value()) return fallback;
  double seconds = 0;
  const auto read =
      std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size() ||
      !std::isfinite(seconds) || seconds <= 0) {
    return base::FieldError(kTimeoutHeader, "is no number of seconds",
                            "write, for example, 2.5");
  }
  const double most = static_cast<double>(fallback.count());
  return milliseconds(
      static_cast<std::int64_t>(std::ceil(std::min(seconds * 1000, most))));
}

grpc::Status Busy() {
  return rpc::ToGrpcStatus(absl::ResourceExhaustedError(
      "too many requests wait here; try again in a moment"));
}

}  // namespace

// One request, its call and its answer.
struct Transcoder::Call {
  http::Request request;
  std::shared_ptr<http::ResponseWriter> out;
  const Route* route = nullptr;
  std::vector<Binding> bindings;
  grpc::ClientContext context;
  grpc::ByteBuffer sent;
  grpc::ByteBuffer received;

  const google::protobuf::Descriptor& answer_type() const {
    return *route->method->output_type();
  }
  void Fail(const absl::Status& status) {
    out->Send(ErrorAnswer(rpc::ToGrpcStatus(status)));
  }

  // Makes the gRPC request ready. OK, or what is wrong with the HTTP one.
  absl::Status Prepare(const TranscoderOptions& options) {
    auto parameters = ParseQuery(request.query);
    if (!parameters.ok()) return parameters.status();
    bindings.insert(bindings.begin(), parameters->begin(), parameters->end());
    if (!route->has_body && !request.body.empty()) {
      return base::FieldError("body", "is not read by this method",
                              "put the fields into the query");
    }
    const auto bytes =
        RequestBytes(*route->method->input_type(), request.body, bindings);
    if (!bytes.ok()) return bytes.status();
    const auto deadline =
        DeadlineOf(request.headers, route->method->server_streaming()
                                        ? options.stream_deadline
                                        : options.deadline);
    if (!deadline.ok()) return deadline.status();
    sent = BufferOf(*bytes);
    context.set_deadline(std::chrono::system_clock::now() + *deadline);
    for (const char* const name : {"authorization", "x-request-id"}) {
      if (const auto value = request.headers.Find(name)) {
        context.AddMetadata(name, std::string(*value));
      }
    }
    return absl::OkStatus();
  }
};

absl::StatusOr<std::unique_ptr<Transcoder>> Transcoder::Make(
    const std::vector<std::string>& services,
    std::shared_ptr<grpc::Channel> channel, TranscoderOptions options) {
  auto routes = Routes::Of(services);
  if (!routes.ok()) return routes.status();
  return std::unique_ptr<Transcoder>(
      new Transcoder(*std::move(routes), std::move(channel), options));
}

Transcoder::Transcoder(Routes routes, std::shared_ptr<grpc::Channel> channel,
                       TranscoderOptions options)
    : options_(options),
      routes_(std::move(routes)),
      stub_(std::move(channel)),
      workers_(options.threads, options.max_queued),
      streams_(options.max_streams, 1) {}

void Transcoder::Handle(http::Request request,
                        std::shared_ptr<http::ResponseWriter> out) {
  // HEAD asks for a GET's headers; the server leaves the body out.
  const std::string_view verb =
      request.method == "HEAD" ? "GET" : std::string_view(request.method);
  Routes::Match match = routes_.Find(verb, request.raw_path);
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->out = std::move(out);
  call->route = match.route;
  call->bindings = std::move(match.variables);
  if (call->route == nullptr && match.allowed.empty()) {
    return call->Fail(absl::NotFoundError(fmt::format(
        "{} is no path of this service; the proto's google.api.http rules list "
        "them",
        call->request.path)));
  }
  if (call->route == nullptr) {
    http::Response answer =
        ErrorAnswer(rpc::ToGrpcStatus(absl::UnimplementedError(fmt::format(
                        "{} takes {}", call->request.path, match.allowed))),
                    405);
    answer.headers.Add("allow", match.allowed);
    return call->out->Send(std::move(answer));
  }
  if (!workers_.TrySubmit([this, call] { Answer(call); })) {
    call->out->Send(ErrorAnswer(Busy()));
  }
}

void Transcoder::Answer(const std::shared_ptr<Call>& call) {
  if (auto ready = call->Prepare(options_); !ready.ok()) {
    return call->Fail(ready);
  }
  call->out->OnCancel([weak = std::weak_ptr<Call>(call)] {
    if (const auto held = weak.lock()) held->context.TryCancel();
  });
  if (call->route->method->server_streaming()) return CallStream(call);
  CallUnary(call);
}

void Transcoder::CallUnary(const std::shared_ptr<Call>& call) {
  stub_.UnaryCall(&call->context, call->route->rpc, {}, &call->sent,
                  &call->received, [call](grpc::Status status) {
                    if (!status.ok()) {
                      return call->out->Send(ErrorAnswer(status));
                    }
                    auto text =
                        JsonOf(call->answer_type(), BytesOf(call->received));
                    if (!text.ok()) return call->Fail(text.status());
                    call->out->Send(http::JsonResponse(200, *std::move(text)));
                  });
}

void Transcoder::CallStream(const std::shared_ptr<Call>& call) {
  if (!streams_.TrySubmit([this, call] { RunStream(*call); })) {
    call->out->Send(ErrorAnswer(Busy()));
  }
}

// On a thread of its own, for as long as the stream lasts. The headers wait for
// the first message, so that a call that is refused has its own HTTP code.
void Transcoder::RunStream(Call& call) {
  bool started = false;
  const auto pass_on = [&](const grpc::ByteBuffer& message) {
    auto line = JsonOf(call.answer_type(), BytesOf(message));
    if (!std::exchange(started, true)) {
      call.out->StartStream(200, {{"content-type", "application/x-ndjson"}});
    }
    auto written =
        line.ok() ? call.out->Write(*line + "\n") : http::WriteResult::kGone;
    while (written == http::WriteResult::kFull &&
           call.out->WaitWritable(kSlowReader)) {
      written = call.out->Write(*line + "\n");
    }
    return written == http::WriteResult::kOk;
  };
  const grpc::Status status = Exchange(stub_, call.route->rpc, call.context,
                                       call.sent, {.on_message = pass_on});
  if (!status.ok() && !started) return call.out->Send(ErrorAnswer(status));
  if (!started) {
    call.out->StartStream(200, {{"content-type", "application/x-ndjson"}});
  }
  if (!status.ok()) call.out->Write(ErrorJson(status) + "\n");
  call.out->End();
}

}  // namespace evalloop::transcoding
