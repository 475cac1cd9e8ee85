// Package space decides what policy documents say about all requests at once: each answer is proved, or shown by one
// request, or left undecided with the reason.
//
// # How
//
// A request is a point: an action, a resource, a caller, and a value, several or none for each condition key. A statement
// is a box of points, a conjunction of facets: each says something about one dimension. Every question is asked as one: is
// there a point of these boxes outside all of those?
//
// # The invariant
//
// An asked box may be too large, a covering box never is. Where a statement cannot be said exactly, it is asked with more
// than it matches and covers with less. So "there is none" holds for what the statements really match. "There is one" is
// never believed of the search alone: the plain evaluator, package authz, has to confirm the request before anyone sees it.
//
// What AWS's documentation leaves open, and conditions that the engine does not model, become predicates: dimensions with
// the points true and false, of which nothing is known but that the same text means the same everywhere. A predicate keeps
// the invariant on both sides: a proof holds whatever it means, and a witness that rests on it is not confirmed, so that
// the answer is Undecided.
//
// # A worked example
//
// The old document lets everybody read logs/app/* by one statement, and by another whatever is not logs/app/*. The new one
// allows logs/* in one statement. Is there a request that new allows and old does not? Of the many dimensions one matters:
//
//	resource      arn:aws:s3:::logs/      logs/app/...        logs/zzz...
//	             |------------------|-------------------|------------------|
//	new (asked)  |##################|###################|##################|   Resource logs/*
//	box 5 (old)  |                  |ooooooooooooooooooo|                  |   Resource logs/app/*
//	box 6 (old)  |oooooooooooooooooo|                   |oooooooooooooooooo|   NotResource logs/app/*
//	box 3        |o                 |                   |                  |   no object has an empty key
//
// Boxes 0 to 4 are axioms, requests that nobody can make; box 3 is the one that matters. The search takes the covering box
// with the fewest facets that the point can still leave. Box 3 can be left by its facet 1 alone, "the key is empty", so
// what is outside that facet remains. Of it, box 5 can be left by its facet 1 alone, the resource. What remains, logs/*
// without logs/app/* and without the empty key, lies in box 6 as a whole. That is the certificate, a tree, here of three
// nodes:
//
//	covered by box 3
//	  outside its facet 1: covered by box 5
//	    outside its facet 1: covered by box 6
//
// [Certificate.Check] walks it again with a slower test for emptiness and none of the shortcuts. The package's Example
// prints it.
//
// # Which file holds what
//
//	answer.go      Answer, Verdict, Certificate, and the reasons of what is undecided
//	question.go    question: boxes and cover, asked for each kind of callers
//	view.go        a question as callers of one kind see it
//	solve.go       the search: a point outside all of a cover, or a Proof
//	check.go       the check of a certificate
//	witness.go     a point as a request, and callers to try where variables have values
//
//	access.go      the question who gets in, and which callers there are
//	compare.go     what is new, lost, no longer denied or granted between two documents
//	dead.go        whether a statement decides anything, or is needed
//	accepted.go    ways out of what other documents accept
//	relevance.go   which statements can matter to a question, told at a look
//	inside.go      which statements lie inside another one, told at a look
//	budget.go      how much a question may take
//
//	universe.go    the dimensions that some documents can tell apart
//	facets.go      a statement as boxes, a condition as facets
//	domain.go      what is still possible in one dimension, and sets
//	actions.go     actions: the catalog's, and those that only documents name
//	text.go        strings and ARNs as patterns
//	form.go        the form that AWS gives the values of a key
//	points.go      classes of numbers, dates and addresses
//	sieve.go       the few values of a condition that decide about a class
//	clock.go       the two clocks, which show one moment
//	odd.go         conditions that compare a caller as what it is not
//	named.go       accounts that documents name, and names that none knows
//	caller.go      the kinds of callers and what tells them apart
//	principal.go   Principal and NotPrincipal, as callers of a kind read them
//	start.go       where a search for callers of a kind starts
//	variable.go    policy variables, tied to their values
//	axioms.go      what no request can be
package space
