package source

import (
	"net/url"
	"testing"
)

// TestEncode has what a URL document of a few shapes is written back as. The provider decodes each to the document.
func TestEncode(t *testing.T) {
	const document = `{"Sid": "50%+ more"}`
	for encoded, want := range map[string]string{
		`{"Sid": ""}`:            `{"Sid": "50%25%2B more"}`,
		" \n" + `{"Sid": "%2A"}`: `{"Sid": "50%25%2B more"}`,
		`%7B%22Sid%22%3A%22%22}`: `%7B%22Sid%22%3A+%2250%25%2B+more%22%7D`,
	} {
		e := Embedded{Encoding: URL}
		e.decode(encoded)
		got := e.Encode(document)
		if back, err := url.QueryUnescape(got); got != want || back != document || err != nil {
			t.Errorf("%s: got %s, which decodes to %s (%v); want %s", encoded, got, back, err, want)
		}
		if e.Text() != encoded {
			t.Errorf("%s: Text %s", encoded, e.Text())
		}
	}
	e := Embedded{Raw: "{}"}
	if e.Encode(document) != document || e.Text() != "{}" {
		t.Errorf("a JSON document is encoded: %s, %s", e.Encode(document), e.Text())
	}
}

func TestPatchPointerOfObject(t *testing.T) {
	var e Embedded
	e.Encoding, e.Pointer = Object, "/spec/forProvider/document"
	e.object(node{decode(t, []byte(`
Statement:
- Effect: Allow
  Action: [s3:GetObject, s3:PutObject]
  Resource: "*"
  Condition: {StringLike: {aws:PrincipalTag/cost center: a}}
`)), e.Pointer})
	for path, want := range map[string]string{
		"Statement[0].Action[1]":   "/Statement/0/Action/1",
		"Statement[0].Action[2]":   "",
		"Statement[0].Resource":    "/Statement/0/Resource",
		"Statement[0].Resource[0]": "/Statement/0/Resource",
		"Statement[0].Resource[1]": "",
		"Statement[1]":             "",
		"Statement[":               "",
		"Version":                  "",
		`Statement[0].Condition.StringLike["aws:PrincipalTag/cost center"]`: "/Statement/0/Condition/StringLike/aws:PrincipalTag~1cost center",
	} {
		got, ok := e.PatchPointer(path)
		if want != "" {
			want = e.Pointer + want
		}
		if got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v; want %q", path, got, ok, want)
		}
	}
}
