// Package glob decides questions about IAM wildcard patterns: does a pattern match a string, does it include
// another pattern, do two patterns have a string in common, and which.
//
// A `*` stands for any run of characters, also none, and a `?` for exactly one; every other character stands for
// itself, a newline and a slash too (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
// A character is one Unicode code point. Bytes that are no UTF-8 are read as encoding/json reads them: each as one
// U+FFFD, in patterns and in strings alike.
//
// Every answer is exact, and none takes more than time in proportion to n*m/64 for texts of n and m bytes, or to n+m
// where no piece between two stars mixes `?` with other characters.
package glob
