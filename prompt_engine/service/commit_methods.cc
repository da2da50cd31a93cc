// The methods of PromptEngineService about repositories and commits.
#include <fmt/format.h>

#include "code_analysis/history.h"
#include "platform/base/reason.h"
#include "prompt_engine/domain/miner.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/service/translate.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

void ToProto(const CommitHeader& header, v1::Commit& message) {
  message.set_commit(header.sha);
  message.set_parent(header.parent);
  message.set_author(header.author);
  *message.mutable_author_time() = v1::ToTimestamp(header.author_time);
  *message.mutable_commit_time() = v1::ToTimestamp(header.commit_time);
  message.set_counted_lines(header.counted_lines);
  message.set_files(header.files);
  message.set_position(header.position);
}

void ToProto(const Variant& variant, v1::MinedVariant& message) {
  message.set_text(variant.text);
  message.set_author(variant.author);
  message.set_commit(variant.commit);
  *message.mutable_author_time() = v1::ToTimestamp(variant.author_time);
  message.set_weight(variant.weight);
  message.set_authorship(variant.authorship);
  message.set_survival_days(variant.survival_days);
  message.set_alive(variant.alive);
  message.set_recency(variant.recency);
  message.set_level(std::string(NameOf(variant.level)));
  message.set_centrality(variant.centrality);
  message.set_path(variant.path);
  message.set_line(variant.line);
}

void ToProto(const MinedItem& item, v1::MinedItem& message) {
  message.set_item_id(item.item_id);
  message.set_commit(item.commit);
  message.set_parent(item.parent);
  message.set_path(item.path);
  message.set_language(item.language);
  message.set_class_(std::string(NameOf(item.item_class)));
  message.set_task(std::string(NameOf(item.task)));
  message.set_line(item.line);
  message.set_end_line(item.end_line);
  message.set_symbol(item.symbol);
  message.set_prefix(item.prefix);
  message.set_suffix(item.suffix);
  message.set_agreed(item.agreed);
  message.set_committed(item.committed);
  for (const Variant& variant : item.variants) {
    ToProto(variant, *message.add_variants());
  }
  if (item.agreement) message.set_agreement(*item.agreement);
  message.set_contested(item.contested);
  message.set_seen(item.seen);
  message.set_author(item.author);
  *message.mutable_author_time() = v1::ToTimestamp(item.author_time);
  message.mutable_tags()->Assign(item.tags.begin(), item.tags.end());
  message.set_explanation(item.explanation);
  message.set_canary(item.canary);
  message.mutable_criteria()->Assign(item.criteria.begin(),
                                     item.criteria.end());
  if (!item.tests.program.empty()) {
    message.mutable_tests()->set_program(item.tests.program);
    message.mutable_tests()->set_entry_point(item.tests.entry_point);
  }
}

absl::StatusOr<MineRequest> RequestOf(const v1::MineItemsRequest& in) {
  MineRequest request;
  request.repository = in.repository();
  request.after_commit = in.after_commit();
  request.until_commit = in.until_commit();
  request.max_items = in.max_items();
  for (const std::string& name : in.classes()) {
    const auto item_class = ParseItemClass(name);
    if (!item_class.ok()) return item_class.status();
    request.classes.push_back(*item_class);
  }
  for (const std::string& name : in.tasks()) {
    const auto task = ParseTaskType(name);
    if (!task.ok()) return task.status();
    request.tasks.push_back(*task);
  }
  return request;
}

}  // namespace

absl::StatusOr<RepositoryRecord> PromptEngineService::FindRepository(
    const std::string& repository) {
  std::optional<RepositoryRecord> record;
  const absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto found = commits_.FindRepository(work, repository);
        if (found.ok()) record = *std::move(found);
        return found.status();
      });
  if (!status.ok()) return status;
  if (record) return *std::move(record);
  return base::WithReason(absl::NotFoundError(fmt::format(
                              "repository {} was not ingested", repository)),
                          "REPOSITORY_NOT_FOUND");
}

grpc::ServerWriteReactor<v1::IngestRepositoryResponse>*
PromptEngineService::IngestRepository(
    grpc::CallbackServerContext* context,
    const v1::IngestRepositoryRequest* request) {
  return rpc::ServerStream<v1::IngestRepositoryResponse>(
      context, executor_, request,
      [this](const v1::IngestRepositoryRequest& in,
             rpc::StreamWriter<v1::IngestRepositoryResponse>& out) {
        return ingestor_.Ingest(
            {in.repository(), in.until(), in.max_commits()},
            [&](const IngestProgress& progress) {
              v1::IngestRepositoryResponse message;
              message.set_commits_done(progress.commits_done);
              message.set_commits_total(progress.commits_total);
              message.set_lines(progress.lines);
              message.set_files_skipped(progress.files_skipped);
              message.set_done(progress.done);
              message.set_reverts(progress.reverts);
              message.set_cherry_picks(progress.cherry_picks);
              message.set_renames(progress.renames);
              message.set_files_generated(progress.files_generated);
              return out.Write(std::move(message));
            });
      });
}

grpc::ServerUnaryReactor* PromptEngineService::ListRepositories(
    grpc::CallbackServerContext* context,
    const v1::ListRepositoriesRequest* request,
    v1::ListRepositoriesResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListRepositoriesRequest& in,
             v1::ListRepositoriesResponse& out) -> absl::Status {
        const auto page = PageOf(in.page());
        if (!page.ok()) return page.status();
        return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          out.Clear();
          const auto list =
              commits_.ListRepositories(work, page->after, page->size);
          if (!list.ok()) return list.status();
          for (const RepositorySummary& summary : *list) {
            v1::Repository& added = *out.add_repositories();
            added.set_repository(summary.repository);
            added.set_commits(summary.commits);
            added.set_lines(summary.lines);
            added.set_newest_commit(summary.newest_commit);
            *added.mutable_ingest_time() = v1::ToTimestamp(summary.ingest_time);
          }
          if (out.repositories_size() == page->size) {
            out.set_next_page_token(list->back().repository);
          }
          return absl::OkStatus();
        });
      });
}

grpc::ServerUnaryReactor* PromptEngineService::ListCommits(
    grpc::CallbackServerContext* context, const v1::ListCommitsRequest* request,
    v1::ListCommitsResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListCommitsRequest& in,
             v1::ListCommitsResponse& out) -> absl::Status {
        const auto page = PageOf(in.page());
        if (!page.ok()) return page.status();
        const auto after = page->AfterNumber();
        if (!after.ok()) return after.status();
        std::optional<std::uint32_t> last;
        if (!page->after.empty()) last = static_cast<std::uint32_t>(*after);
        const auto repository = FindRepository(in.repository());
        if (!repository.ok()) return repository.status();
        return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          out.Clear();
          const auto list =
              commits_.ListCommits(work, repository->id, last, page->size);
          if (!list.ok()) return list.status();
          for (const CommitHeader& header : *list) {
            ToProto(header, *out.add_commits());
          }
          if (out.commits_size() == page->size) {
            out.set_next_page_token(std::to_string(list->back().position));
          }
          return absl::OkStatus();
        });
      });
}

grpc::ServerWriteReactor<v1::MineItemsResponse>* PromptEngineService::MineItems(
    grpc::CallbackServerContext* context, const v1::MineItemsRequest* request) {
  return rpc::ServerStream<v1::MineItemsResponse>(
      context, executor_, request,
      [this](const v1::MineItemsRequest& in,
             rpc::StreamWriter<v1::MineItemsResponse>& out) -> absl::Status {
        const auto wanted = RequestOf(in);
        if (!wanted.ok()) return wanted.status();
        const auto repository = FindRepository(in.repository());
        if (!repository.ok()) return repository.status();
        const auto git = code_analysis::Repository::Open(
            ingestor_.LocalPath(in.repository()));
        if (!git.ok()) {
          return base::WithReason(
              absl::FailedPreconditionError(fmt::format(
                  "{} was ingested and is no longer a git repository; bring "
                  "it back, or ingest it from where it is now",
                  in.repository())),
              "REPOSITORY_GONE");
        }
        // A history may need much memory: one at a time.
        const std::lock_guard lock(mining_);
        WrittenHistory history;
        auto status = commits_.ReadHistory(
            repository->id, in.until_commit(),
            [&](const IngestedCommit& commit) -> absl::Status {
              if (history.commits().empty()) {
                auto added = AddWhatStoodBefore(*git, commit.header, history);
                if (!added.ok()) return added;
              }
              history.Add(commit);
              return absl::OkStatus();
            });
        if (!status.ok()) return status;
        history.Finish();
        return prompt_engine::MineItems(
            *wanted, *git, history,
            {[&](const MinedItem& item) {
               v1::MineItemsResponse message;
               message.mutable_item()->set_repository(in.repository());
               ToProto(item, *message.mutable_item());
               return out.Write(std::move(message));
             },
             {}});
      });
}

}  // namespace evalloop::prompt_engine
