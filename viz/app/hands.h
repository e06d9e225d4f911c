// What hands do in a lesson: tools, the menu of a place, texts that are typed, and what is shown beside.
#pragma once

#include <optional>
#include <string>

#include "viz/app/app.h"

namespace nutshell {

// At once where something is selected that the tool works on, or if it needs nothing; else it is taken in hand.
void use_tool(App& app, Tool tool, const Place& place);
void take_offer(App& app, const Offer& offer, const Place& place);
void ask_why(App& app, const Place& place);
// Of what the mouse is over, else of what is selected; on the board of a query, of a window: the one under the mouse, or the last that a
// row came to.
void ask_why(App& app);
// The nth of rival_offers() is done to all systems, or it is said why not. False: there is a cluster.
bool act_on_rivals(App& app, std::size_t which);
// A consumer was let go over a group; -1: over none.
void move_consumer(App& app, const Place& place, std::int64_t group);
// Beside the branch it came from at once; else there is a choice of branches and settings.
void compare(App& app);
// Of what is selected; with the value 1 of the command's place, where the mouse is.
void open_menu(App& app, const Command& command);
// The menu that is open has it. False: there is none, or the command has closed it and is about something else.
bool obey_menu(App& app, const Command& command);

// In prompts.cpp: opens the field that asks for a text.
void ask_for(App& app, Prompt prompt);
void take_completion(App& app, std::size_t which);
void ask_for_code(App& app);
void ask_for_file(App& app);

// A key while a field takes them; false: it is a command all the same. The prompt's; in typing.cpp, the filter's of the
// events and the jump menu's.
bool type_prompt(App& app, const KeyPress& press);
bool type_field(App& app, const KeyPress& press);
// What people expect of any field; what needs the clipboard as well. False: the key is about something else.
bool edit_field(std::string& text, Caret& caret, const KeyPress& press);
// What is in the clipboard, without the blanks and line ends that copying takes along.
std::string clipboard_line();

}  // namespace nutshell
