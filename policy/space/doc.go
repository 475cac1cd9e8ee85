// Package space decides what policy documents say about all requests at once: each answer is proved, or shown by one
// request, or left undecided with the reason.
//
// A request is a point; a statement is a box of points, a conjunction of facets in single dimensions. Every question is
// asked as one: is there a point of these boxes outside all of those? A witness is confirmed by the plain evaluator,
// package authz, before anyone sees it. A proof comes with a Certificate, which Check goes through again by other means.
// Where AWS's documentation leaves an answer open, or the engine does not model a condition, that becomes a predicate
// without a meaning: proofs hold whatever it means, and witnesses that rest on it do not count.
package space
