// Signs: the shapes that mean something. One sign, one meaning; every state has a shape as well as a colour.
#pragma once

#include "viz/ui/canvas.h"

namespace nutshell {

void draw_crown(Canvas& canvas, Point center, float radius, Color color);
void draw_hexagon(Canvas& canvas, Point center, float radius, Color color, bool filled, float width = 1.5F);
void draw_star(Canvas& canvas, Point center, float radius, Color color);
void draw_triangle(Canvas& canvas, Point center, float radius, Color color, bool filled, float turn = 0);
void draw_diamond(Canvas& canvas, Point center, float radius, Color color);
void draw_octagon(Canvas& canvas, Point center, float radius, Color color);
void draw_tick(Canvas& canvas, Point center, float radius, Color color, float width = 2);
void draw_cross(Canvas& canvas, Point center, float radius, Color color, float width = 2);
void draw_chevron(Canvas& canvas, Point center, float radius, Color color, bool to_left);
// An open hand: by somebody's hand, or in it.
void draw_hand(Canvas& canvas, Point center, float radius, Color color);
// A time-out that drains: what is left of it, 0..1; empty: red with a cross.
void draw_drain(Canvas& canvas, Point center, float radius, float left);
// Where a value stands that is not to be read yet.
void draw_hidden(Canvas& canvas, Rect box);
// A key cap with the key's name; returns its width.
float draw_key(Canvas& canvas, Point left_middle, std::string_view key);
float key_width(const Canvas& canvas, std::string_view key);
// A filled or outlined label; returns its width.
float draw_tag(Canvas& canvas, Point left_middle, std::string_view text, Color color, bool filled);
float tag_width(const Canvas& canvas, std::string_view text);

}  // namespace nutshell
