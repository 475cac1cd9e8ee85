package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// documentOf returns a document of n statements, 340 bytes each, indented as people write them.
func documentOf(n int) string {
	var b strings.Builder
	b.WriteString("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
    {
      "Sid": "T%03d",
      "Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::111122223333:role/t-%03d"},
      "Action": ["s3:GetObject", "s3:PutObject"],
      "Resource": "arn:aws:s3:::example/t-%03d/*",
      "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}, "Bool": {"aws:SecureTransport": true}}
    }`, i, i, i)
	}
	b.WriteString("\n  ]\n}\n")
	return b.String()
}

var sizes = []struct {
	name       string
	statements int
}{
	{"0.8KB", 2},
	{"2KB", 6},
	{"20KB", 60},
}

func BenchmarkParse(b *testing.B) {
	for _, size := range sizes {
		text := documentOf(size.statements)
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := iam.Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompact(b *testing.B) {
	for _, size := range sizes {
		d := mustParse(b, documentOf(size.statements))
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Root().Compact()
			}
		})
	}
}

// BenchmarkHostile takes documents of MaxSize bytes that are built to be slow.
// Each operation is done once for every value that the document has.
func BenchmarkHostile(b *testing.B) {
	for _, c := range []struct{ name, head, each, tail string }{
		{"statements", `{"Statement":[`, `{"Sid":"%d"}`, `]}`},
		{"keys", `{"Statement":[{"Condition":{"StringEquals":{`, `"%d":""`, `}}}]}`},
		{"principals", `{"Statement":{"Principal":{`, `"%d":"*"`, `}}}`},
		{"actions", `{"Statement":{"Action":[`, `"%d"`, `]}}`},
	} {
		text := hostile(c.head, c.each, c.tail)
		b.Run(c.name+"/Parse", func(b *testing.B) {
			for b.Loop() {
				mustParse(b, text)
			}
		})
		d := mustParse(b, text)
		all := values(d.Root())
		b.Run(c.name+"/PositionOf", func(b *testing.B) {
			for b.Loop() {
				for _, v := range all {
					d.PositionOf(v.Path())
				}
			}
			b.ReportMetric(float64(len(all)), "values")
		})
		b.Run(c.name+"/Apply", func(b *testing.B) {
			var edits []iam.Edit
			for _, v := range all {
				if v.Kind == iam.String {
					edits = append(edits, iam.Edit{At: v.Path()})
				}
			}
			for b.Loop() {
				if _, err := d.Apply(edits); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(edits)), "edits")
		})
	}
}

// hostile repeats each, with a running number, until the document has MaxSize bytes.
func hostile(head, each, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := 0; b.Len()+len(each)+len(tail)+8 < iam.MaxSize; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, each, i)
	}
	b.WriteString(tail)
	return b.String()
}

func mustParse(t testing.TB, text string) *iam.Document {
	t.Helper()
	d, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// values returns v and everything in it.
func values(v *iam.Value) []*iam.Value {
	out := []*iam.Value{v}
	for _, m := range v.Members {
		out = append(out, values(m.Value)...)
	}
	for _, e := range v.Elements {
		out = append(out, values(e)...)
	}
	return out
}
