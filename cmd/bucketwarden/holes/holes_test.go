package holes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// marked writes a text with its holes in brackets.
func marked(text string, holes []Hole) string {
	return fill(text, holes, func(h Hole) string { return "[" + text[h.Start:h.End] + "]" })
}

func TestHoles(t *testing.T) {
	verbs := func(text string) []Hole { return Verbs(text, "spec.name") }
	for _, c := range []struct {
		find       func(string) []Hole
		text, want string
	}{
		{Expressions, "a ${b} c${d.e}", "a [${b}] c[${d.e}]"},
		{Expressions, "${[1].map(x, {'a': x})}-", "[${[1].map(x, {'a': x})}]-"},
		{Expressions, `${"}" + 'it\'s }'}.`, `[${"}" + 'it\'s }'}].`},
		{Expressions, "$a $${b", "$a $[${b]"},
		{Expressions, "none", "none"},
		{Placeholders, "${cluster}-logs-${env:=dev}-${a.b[0]}", "[${cluster}]-logs-[${env:=dev}]-[${a.b[0]}]"},
		{Placeholders, "${aws:username}/${s3:prefix, 'a'}/${*}/${aws:PrincipalTag/a b}", "${aws:username}/${s3:prefix, 'a'}/${*}/${aws:PrincipalTag/a b}"},
		{Placeholders, "{{ .Values.a }}-$ARGOCD_APP_NAME-%s-<bucket name>-100%", "[{{ .Values.a }}]-[$ARGOCD_APP_NAME]-[%s]-[<bucket name>]-100%"},
		{verbs, "arn:aws:s3:::%s/*", "arn:aws:s3:::[%s]/*"},
		{verbs, "%[2]s-%-5.2f-%%-%d", "[%[2]s]-[%-5.2f]-[%%]-[%d]"},
		{verbs, "100%", "100[%]"},
	} {
		if got := marked(c.text, c.find(c.text)); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
	if diff := cmp.Diff([]string{"${a}", "${b}"}, Froms(Expressions("${a}${b}${a}"))); diff != "" {
		t.Error(diff)
	}
}

func TestNewPolicy(t *testing.T) {
	const statement = `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`
	for text, want := range map[string]bool{
		`{"Version": "2012-10-17", "Statement": [` + statement + `, ${a}]}`:                                   false,
		`{"Version": "2012-10-17", "Statement": ${a}}`:                                                        false,
		`{"Version": "${a}", "Statement": [` + statement + `]}`:                                               false,
		`{"Version": "2012-10-17", "Statement": [` + statement + `, {"Effect": "${a}"}]}`:                     false, // no effect that is made up will do
		`{"Version": "2012-10-17", "Id": "${a}", "Statement": [` + statement + `]}`:                           true,
		`{"Version": "2012-10-17", "Statement": ` + strings.Replace(statement, "b/", "${a}/", 1) + `}`:        true,
		`{"Version": "2012-10-17", "Statement": ` + strings.Replace(statement, "b/", `\${a}/`, 1) + `}`:       false, // half of an escape
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Alow"}, {"Effect": "Allow", "Action": "${a}"}]}`: true,
		`{"Version": "2012-10-17" "Statement": [{"Sid": "${a}"}]}`:                                            true, // never JSON
	} {
		if _, ok := NewPolicy(text, Expressions(text)); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}

// FuzzNewPolicy holds that everything outside of the holes keeps its place, and that extremes can be read where the text can.
func FuzzNewPolicy(f *testing.F) {
	for _, seed := range []string{
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:${b}", "Resource": "arn:aws:s3:::${a}/*"}]}`,
		`{"Statement": {"Effect": "Deny", "Not${c}": "*", "Condition": {"Bool": {"${k}": "${v}"}}}}`,
		`{"Statement": [], "Id": "\"${a}"}`, `{"${a}": 1}`, `{"Statement": "${a}"}`, `{"Statement": [[{"a": "${a}"}], "${"]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := Expressions(text)
		p, ok := NewPolicy(text, all)
		if !ok {
			return
		}
		if none := func(Hole) string { return "" }; len(p.Text) != len(text) || fill(p.Text, all, none) != fill(text, all, none) {
			t.Fatalf("%q became %q", text, p.Text)
		}
		if _, err := iam.Parse(p.Text); err != nil {
			return
		}
		for _, e := range p.Extremes {
			if _, err := iam.Parse(e.Text); err != nil {
				t.Errorf("%q may become %q: %v", text, e.Text, err)
			}
		}
		p.Place("Statement[0].Resource")
	})
}

func TestMaskTemplate(t *testing.T) {
	for text, want := range map[string]string{
		"a: {{ .b }}-c\n":                                 "a: qqqqqqqq-c\n",
		"{{ if .a }}\nb: {{ .c }}\n{{- end }}\n":          "           \nb: qqqqqqqq\n          \n",
		"{{- $a := 1 }}\n# {{ no }}\na: 1\n":              "              \n# qqqqqqqq\na: 1\n",
		"a:\n{{ if .a }}\n  b: {{ .c }}\n{{ end }}\nd:\n": "a:\n{{ if .a }}\n  b: {{ .c }}\n{{ end }}\nd:\n",
		"{{ range .a }}\n---\na: {{ . }}\n{{ end }}":      "              \n---\na: qqqqqqq\n         ",
		"{{/* a\n b */}}\na: b\n":                         "      \n       \na: b\n",
		"a: {{ .b\n}}\n":                                  "a: {{ .b\n}}\n",
		"a: b\n{{ toYaml .c }}\n":                         "a: b\nqqqqqqqqqqqqqqq\n",
	} {
		if got := MaskTemplate(text, "q"); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// FuzzMaskTemplate holds that everything but actions keeps its place, and that fillings differ where letters do.
func FuzzMaskTemplate(f *testing.F) {
	for _, seed := range []string{"a: {{ .b }}", "{{ if }}\n---\n{{ end }}", "{{/* \n */}}", "{{ {{ }} }}", "é{{\r}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, x := MaskTemplate(text, "q"), MaskTemplate(text, "x")
		if len(q) != len(text) || len(x) != len(text) || strings.Count(q, "\n") != strings.Count(text, "\n") {
			t.Fatalf("%q became %q", text, q)
		}
		for _, h := range Differing(q, x) {
			if q[h.Start:h.End] != strings.Repeat("q", h.End-h.Start) {
				t.Errorf("%q: %q is a hole", text, q[h.Start:h.End])
			}
		}
	})
}
