// Package glob decides questions about IAM wildcard patterns: does a pattern match a string, does it include
// another pattern, do two patterns have a string in common, and which.
//
// A `*` stands for any run of characters, also none, and a `?` for exactly one; every other character stands for
// itself, a newline and a slash too (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
// A character is one Unicode code point. Bytes that are no UTF-8 are read as encoding/json reads them: each as one
// U+FFFD, in patterns and in strings alike.
//
// Every answer is exact. None backtracks over more than one segment, the piece between two stars, so the
// work for a pattern of n bytes and a string or pattern of m bytes is at most n*m steps, and about n+m
// when no segment mixes `?` with other characters.
package glob
