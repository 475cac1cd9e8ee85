// Package iam reads, prints and edits AWS policy documents without losing a byte.
//
// # Reading
//
// [Parse] reads a document once, strictly: whatever AWS, a JSON decoder of somebody else's and we could read
// differently is a [SyntaxError] with its place. So are a name that repeats another one in any case, an element that
// IAM does not have (IAM refuses other spellings too: "action" is unknown to it), a value of the wrong type, null,
// bytes after the end, a byte order mark, invalid UTF-8 and half surrogate pairs. What a person may judge is kept for
// the rules: what is missing or empty, a principal of an unknown type, an operator that [ParseOperator] does not know.
//
// A [Document] has the statements as IAM names their elements, and below them the JSON itself: every [Value] keeps its
// place and its spelling, so that 5.50 stays 5.50 and a scalar is not a list of one.
//
// # Places
//
// A [Path] names a place as people write it, Statement[1].Action[0]. [Value.Path], [Document.Lookup] and
// [Document.PositionOf] turn values, paths, lines and columns into each other.
//
// # Documents of other documents' statements
//
// [Document.Only] and [Document.With] derive a document from statements. It has a text of its own, while its values keep the
// places that they were read at. Documents are not copied: go vet says so.
//
// # Edits
//
// [Document.Apply] changes the bytes that an [Edit] is about and no other: order, indentation and the spelling of
// everything else stay. What it returns may be parsed again.
//
// All of it takes time linear in the sizes of document and edits. A document is safe for concurrent use.
//
// Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
package iam
