// Sentences of facts that stand in files of their own. For facts*.cpp only.
#pragma once

#include <string>

#include "sim/kafka/facts.h"

namespace nutshell {

std::string say(const MetadataSnapshotTaken& f, const Namer& n);
std::string say(const MetadataSnapshotFetched& f, const Namer& n);
std::string say(const MetadataLogStartRaised& f, const Namer& n);

std::string say(const StatementRefused& f, const Namer& n);
std::string say(const QueryStarted& f, const Namer& n);
std::string say(const QueryEnded& f, const Namer& n);
std::string say(const TaskAssigned& f, const Namer& n);
std::string say(const TaskRestored& f, const Namer& n);
std::string say(const TaskClosed& f, const Namer& n);
std::string say(const RowLate& f, const Namer& n);
std::string say(const RowSkipped& f, const Namer& n);
std::string say(const WindowChanged& f, const Namer& n);
std::string say(const WindowClosed& f, const Namer& n);
std::string say(const ResultEmitted& f, const Namer& n);
std::string say(const QueryCommitted& f, const Namer& n);
std::string say(const ConnectRefused& f, const Namer& n);
std::string say(const ConnectShared& f, const Namer& n);
std::string say(const ConnectUnit& f, const Namer& n);
std::string say(const SourceSent& f, const Namer& n);
std::string say(const SourceNoted& f, const Namer& n);
std::string say(const SinkWrote& f, const Namer& n);
std::string say(const ConnectSkipped& f, const Namer& n);
std::string say(const StoreChanged& f, const Namer& n);

std::string say(const RegistryElected& f, const Namer& n);
std::string say(const SchemaRegistered& f, const Namer& n);
std::string say(const SchemaRefused& f, const Namer& n);
std::string say(const SchemaLearned& f, const Namer& n);
std::string say(const RecordNotSerialized& f, const Namer& n);
std::string say(const RecordNotDeserialized& f, const Namer& n);
std::string say(const ValueDeserialized& f, const Namer& n);
std::string say(const RegistryCalled& f, const Namer& n);

std::string say(const HandlerBegan& f, const Namer& n);
std::string say(const HandlerFailed& f, const Namer& n);
std::string say(const DeadLetterWritten& f, const Namer& n);

}  // namespace nutshell
