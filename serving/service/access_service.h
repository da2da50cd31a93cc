#ifndef EVALLOOP_SERVING_SERVICE_ACCESS_SERVICE_H_
#define EVALLOOP_SERVING_SERVICE_ACCESS_SERVICE_H_

#include "evalloop/v1/access_service.grpc.pb.h"
#include "platform/rpc/executor.h"
#include "serving/domain/audit_log.h"
#include "serving/domain/key_desk.h"

namespace evalloop::serving {

// evalloop.v1.AccessService. Thread-safe.
class AccessServiceImpl final : public v1::AccessService::CallbackService {
 public:
  // All references outlive this object.
  AccessServiceImpl(rpc::Executor& executor, KeyDesk& keys, AuditLog& log)
      : executor_(executor), keys_(keys), log_(log) {}

  grpc::ServerUnaryReactor* CreateKey(grpc::CallbackServerContext* context,
                                      const v1::CreateKeyRequest* request,
                                      v1::CreateKeyResponse* response) override;
  grpc::ServerUnaryReactor* ListKeys(grpc::CallbackServerContext* context,
                                     const v1::ListKeysRequest* request,
                                     v1::ListKeysResponse* response) override;
  grpc::ServerUnaryReactor* RevokeKey(grpc::CallbackServerContext* context,
                                      const v1::RevokeKeyRequest* request,
                                      v1::RevokeKeyResponse* response) override;
  grpc::ServerUnaryReactor* ListAuditEntries(
      grpc::CallbackServerContext* context,
      const v1::ListAuditEntriesRequest* request,
      v1::ListAuditEntriesResponse* response) override;
  grpc::ServerUnaryReactor* CheckAuditLog(
      grpc::CallbackServerContext* context,
      const v1::CheckAuditLogRequest* request,
      v1::CheckAuditLogResponse* response) override;

 private:
  rpc::Executor& executor_;
  KeyDesk& keys_;
  AuditLog& log_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_SERVICE_ACCESS_SERVICE_H_
