// What the ksqlDB servers of a cluster do with rows, as a film (streams/film.h): its picture is drawn like that of a film without
// a cluster, but tasks have servers, die, are restored and count again. A pure function of the world: the film of a later moment
// says more, and of what it says of before nothing changes.
#pragma once

#include <memory>
#include <string_view>

#include "sim/cluster/world.h"
#include "sim/streams/film.h"

namespace nutshell {

// Of the servers of this service (ksql.service.id), "" for that of the first server. Rows are numbered as they came into the
// world. Without servers, or before a query: a film without queries, of which picture_of() is empty.
streams::Film ksql_film(const World& world, std::string_view service = "");

// Another number where the film may be another, of one run and its actions; far quicker than the film. Never kept beyond the process.
std::uint64_t ksql_film_stamp(const World& world);

}  // namespace nutshell
