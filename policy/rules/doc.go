// Package rules is the catalogue of checks: one file a rule, named as the rule, one line in All, and one folder of cases in
// testdata. CONTRIBUTING.md says how a rule is added. What more than one rule needs is in the other files:
//
//	rules.go          All, the list
//	examples.go       Examples, two cases of each rule, which are part of the program
//
// What rules look at:
//
//	statements.go     the statements of an Input, parts of documents, and who the principals of a statement are
//	actions.go        what a text says about actions: setting ACLs, every action, reads and writes
//	conditions.go     what a condition says: its key, its operator, what that wants
//	identifiers.go    which values are no id of what a key is about
//	variables.go      where policy variables stand
//	placeholder.go    placeholders of templates that look like policy variables: BW112
//	bucket.go         which bucket a document belongs to, its partition, its Object Ownership
//	accounts.go       the account in an ARN, and accounts that are AWS's own
//	organizations.go  the organizations that a document names
//	trust.go          whom the cluster owner trusts, and who is inside that
//	settings.go       settings that a bucket has, or leaves off
//	neighbours.go     services beside S3: their actions, their ARNs, whom they answer
//
// What rules ask the engine:
//
//	documents.go      documents that are made to ask with
//	budgets.go        how much may be asked
//	opened.go         one answer for each Allow that lets somebody in
//	strangers.go      who gets in whom nobody named: BW201, BW202
//	outsiders.go      who gets in from outside the trust: BW401, BW402
//	limits.go         what is granted against a limit: BW404, BW405, BW408
//	deputies.go       which services act for any account: BW501, BW502
//	transport.go      what gets by over plain HTTP: BW601, BW602
//	loosened.go       what a condition lets in that holds without its key: BW801, BW803
//	administrators.go who can still manage a policy: BW901, BW904
//	escalations.go    what a permission on the bucket comes to: BW902, BW903
//	requests.go       requests that a statement is about, made up without the engine: BW806, BW807
//	covering.go       which elements of a list another one covers: BW807
//	refusals.go       what S3 refuses anyway
//
// What rules say:
//
//	messages.go       findings, and the texts in them
//	callers.go        who sends a request, in words
//	names.go          what a misspelt name was meant to be
//	fixes.go          edits that more than one rule offers
//	sources.go        the pages that more than one rule cites
package rules
