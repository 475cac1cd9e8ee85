package iam_test

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// TestDerivedIsItsOwnText holds what derived documents say of themselves, and that their values keep the places they were read at.
func TestDerivedIsItsOwnText(t *testing.T) {
	const (
		read  = `{"Sid": "R", "Effect": "Allow", "Principal": {"AWS": ["1", "2"], "Service": "s"}, "Action": "s3:Get\u002a", "Resource": "*"}`
		write = `{"Effect": "Deny", "NotPrincipal": "*", "NotAction": ["a"], "NotResource": [], "Condition": {"Null": {"k": "true", "l": ["true"]}, "Bool": {"k": true}}}`
	)
	doc := mustParse(t, `{"Version": "2012-10-17", "Id": "x", "Statement": [`+read+`, `+write+`]}`)
	changed := doc.Statements[0]
	changed.Effect = iam.Deny
	twice := doc.Statements[1]
	twice.Condition = append(twice.Condition[:1:1], twice.Condition[0])
	for _, tt := range []struct {
		name string
		doc  *iam.Document
		want string
	}{
		{"only the second", doc.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny }), `{"Version":"2012-10-17","Id":"x","Statement":[` +
			`{"Effect":"Deny","NotPrincipal":"*","NotAction":["a"],"NotResource":[],"Condition":{"Null":{"k":["true"],"l":["true"]},"Bool":{"k":[true]}}}]}`},
		{"none", doc.Only(func(*iam.Statement) bool { return false }), `{"Version":"2012-10-17","Id":"x","Statement":[]}`},
		{"of no document", new(iam.Document).With(doc.Statements[0]), `{"Statement":[` +
			`{"Sid":"R","Effect":"Allow","Principal":{"AWS":["1","2"],"Service":["s"]},"Action":["s3:Get\u002a"],"Resource":["*"]}]}`},
		{"changed", doc.With(changed), `{"Version":"2012-10-17","Id":"x","Statement":[` +
			`{"Sid":"R","Effect":"Deny","Principal":{"AWS":["1","2"],"Service":["s"]},"Action":["s3:Get\u002a"],"Resource":["*"]}]}`},
		{"with a key twice", doc.With(twice), `{"Version":"2012-10-17","Id":"x","Statement":[` +
			`{"Effect":"Deny","NotPrincipal":"*","NotAction":["a"],"NotResource":[],"Condition":{"Null":{"k":["true"],"k":["true"]}}}]}`},
	} {
		if got := tt.doc.Text(); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
		if got := tt.doc.Root().Compact(); got != tt.want {
			t.Errorf("%s: the root is %s\nwant %s", tt.name, got, tt.want)
		}
	}
	alone := doc.With(doc.Statements[1])
	if got := alone.Statements[0].Value.Path(); got != "Statement[1]" {
		t.Errorf("the value of the second statement has the place %s", got)
	}
	if line, column := alone.PositionOf("Statement[0].Effect"); line != 1 || column <= 1 {
		t.Errorf("the derived document has its Effect in %d:%d", line, column)
	}
	for text, want := range map[string]bool{`"Sid": "R"`: true, `"NotPrincipal"`: true, "nowhere": false} {
		if got := alone.Mentions(text); got != want {
			t.Errorf("mentions %s: %v", text, got)
		}
	}
	for s, want := range map[*iam.Statement]string{&doc.Statements[0]: read, &alone.Statements[0]: write, &changed: doc.With(changed).Root().Member("Statement").Elements[0].Compact()} {
		if got := s.Text(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}
