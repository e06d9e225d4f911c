// What the events of a film (film.h) say: keys and columns as one reads them. For whoever takes one.
#pragma once

#include <string>
#include <vector>

#include "sim/streams/film.h"
#include "sim/streams/schema.h"

namespace nutshell::streams {

// The stream or table that reads the topic; of several, one that no query fills. nullptr: no statement speaks of it.
const Source* film_source(const Catalog& catalog, const std::string& topic);

// The topics of the queries and those that statements speak of, in the order in which rows pass through them.
std::vector<FilmTopic> film_topics(const Catalog& catalog, const std::vector<FilmQuery>& queries);

// The step that writes to an internal topic, and to which of its stores it belongs (-1: it is a repartition topic).
struct TopicOwner {
  const FilmQuery* query = nullptr;  // nullptr: it is none of an internal topic
  int step = -1, store = -1;
};
TopicOwner owner_of(const std::vector<FilmQuery>& queries, const std::string& topic);

// Key, cells and window of a record in this topic.
void say_record(const Catalog& catalog, const std::vector<FilmQuery>& queries, const std::string& topic, const Record& record,
                FilmEvent& event);
// ... and of a note, which becomes the event's.
void say_note(const Plan& plan, Note note, FilmEvent& event);

}  // namespace nutshell::streams
