// DOUBLE, the one kind of value that is no whole number: its text and its functions, bit by bit the same in every build
// (only +, -, *, / and the square root, which IEEE 754 defines exactly; no library of mathematics).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutshell::streams {

// As Java prints it: "4.0", "1.0E10", "NaN", "Infinity".
std::string real_text(double number);
// Whole text only; also NaN and Infinity.
std::optional<double> parse_real(std::string_view text);
bool is_nan(double number);
bool is_infinite(double number);
double floor_of(double number);
double ceiling_of(double number);
// Toward zero, held within the range of 64 bits; 0 for NaN.
std::int64_t truncated(double number);
double root(double number);
double exponential(double number);
double logarithm(double number);
double power(double base, double exponent);

// Angles are in radians. real_angles.cpp
double sine(double x);
double cosine(double x);
double tangent(double x);
double arcsine(double x);
double arccosine(double x);
double arctangent(double y, double x);  // of the point (x, y), as Math.atan2
double hyperbolic_sine(double x);
double hyperbolic_cosine(double x);
double hyperbolic_tangent(double x);

}  // namespace nutshell::streams
