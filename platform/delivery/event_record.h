#ifndef EVALLOOP_PLATFORM_DELIVERY_EVENT_RECORD_H_
#define EVALLOOP_PLATFORM_DELIVERY_EVENT_RECORD_H_

#include "platform/base/outbox.h"
#include "platform/kafka/record.h"

namespace evalloop::delivery {

// The record of an event: its payload as it is, its id and topic as CloudEvents
// headers.
kafka::OutgoingRecord ToRecord(base::OutgoingEvent event);

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_EVENT_RECORD_H_
