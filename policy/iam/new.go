package iam

import "encoding/json"

// NewDocument returns a document of Version 2012-10-17 with these statements, each of them whatever encoding/json makes an
// object of. It panics where that is no document: the shape of the statements is the program's own.
func NewDocument(statements ...any) *Document {
	if statements == nil {
		statements = []any{}
	}
	raw, err := json.Marshal(map[string]any{"Version": Version2012, "Statement": statements})
	if err != nil {
		panic(err)
	}
	doc, err := Parse(string(raw))
	if err != nil {
		panic(err)
	}
	return doc
}
