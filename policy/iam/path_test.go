package iam_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func TestPathField(t *testing.T) {
	for name, want := range map[string]iam.Path{
		"Action":                  "a.Action",
		"aws:PrincipalTag/team-1": "a.aws:PrincipalTag/team-1",
		"0":                       "a.0",
		"":                        `a[""]`,
		"a.b":                     `a["a.b"]`,
		"a[0]":                    `a["a[0]"]`,
		`"`:                       `a["\""]`,
		"cost center":             `a["cost center"]`,
		"é":                       `a["é"]`,
		"\n":                      `a["\n"]`,
	} {
		if got := iam.Path("a").Field(name); got != want {
			t.Errorf("Field(%q) = %s, want %s", name, got, want)
		}
	}
	if got := iam.Path("").Field("a").Index(10).Field(" "); got != `a[10][" "]` {
		t.Errorf("got %s", got)
	}
}

func TestPathStatement(t *testing.T) {
	for p, want := range map[iam.Path]int{
		"Statement[0]":                 0,
		"Statement[12].Principal.AWS":  12,
		`["Statement"][3]`:             3,
		"":                             -1,
		"Version":                      -1,
		"Statement":                    -1,
		"Statement.Principal":          -1,
		"Id[1]":                        -1,
		"Statement[-5]":                -1,
		"Statement[+5]":                -1,
		"Statement[1":                  -1,
		"Statement[99999999999999999]": 99999999999999999,
	} {
		if got := p.Statement(); got != want {
			t.Errorf("%s: %d, want %d", p, got, want)
		}
	}
}

func TestLookup(t *testing.T) {
	d := mustParse(t, `{"Id": "x", "Statement": {"Action": ["a", "b"], "Resource": "c", "Condition": {"a.b": {"\"": "q"}}}}`)
	for p, want := range map[iam.Path]string{
		"Id":                                  `"x"`,
		"Id[0]":                               `"x"`,
		"Statement[0].Action":                 `["a","b"]`,
		"Statement.Action[1]":                 `"b"`,
		`["Statement"][0]["Action"]`:          `["a","b"]`,
		"Statement[0].Resource[0]":            `"c"`,
		`Statement[0].Condition["a.b"]["\""]`: `"q"`,

		"Id[1]":                           "",
		"ID":                              "",
		"Statement[1]":                    "",
		"Statement[0].Action[2]":          "",
		"Statement[0].Action[x]":          "",
		".Id":                             "",
		"Id.":                             "",
		"Statement..Action":               "",
		"Statement.[0]":                   "",
		"Statement[0]Action":              "",
		"Statement[00]":                   "",
		"Statement[+0]":                   "",
		"Statement[0":                     "",
		"Statement[":                      "",
		`Statement["Action`:               "",
		`Statement["Action"`:              "",
		"Statement['Action']":             "",
		"Statement.Ac tion":               "",
		"Statement[99999999999999999999]": "",
	} {
		got := ""
		if v := d.Lookup(p); v != nil {
			got = v.Compact()
		}
		if got != want {
			t.Errorf("Lookup(%s) = %s, want %s", p, got, want)
		}
	}
	if d.Lookup("") != d.Root() {
		t.Error("the empty path is not the root's")
	}
}

func TestPositionOf(t *testing.T) {
	d := mustParse(t, "{\n \"Id\": \"x\",\n \"Statement\": [\n  {\"Action\": \"é\", \"Resource\": \"c\"}]}")
	for p, want := range map[iam.Path][2]int{
		"":                         {1, 1},
		"Id":                       {2, 8},
		"Statement[0].Resource":    {4, 31},
		"Statement[0].Resource[4]": {4, 31},
		"Statement[0].Sid":         {4, 3},
		"Statement[7].Sid":         {3, 15},
		"Statement[0]Sid":          {4, 3},
		"nowhere":                  {1, 1},
	} {
		line, column := d.PositionOf(p)
		if got := [2]int{line, column}; got != want {
			t.Errorf("%s: %d, want %d", p, got, want)
		}
	}
}

// TestPosition compares every place of texts longer than the distance of two marks with what counting says.
func TestPosition(t *testing.T) {
	for _, filler := range []string{"a", "é", "世", "😀", "\n", "a\r\n", "ab\té\n\n"} {
		for shift := range 5 {
			filled := strings.NewReplacer("\r", `\r`, "\n", `\n`, "\t", `\t`).Replace(strings.Repeat(filler, 1200))
			space := strings.Repeat(" ", shift) + strings.Repeat(filler, 1200)
			if strings.TrimSpace(filler) != "" {
				space = ""
			}
			checkPositions(t, mustParse(t, "{"+space+`"Id": "`+filled+`"}`))
		}
	}
}

func checkPositions(t *testing.T, d *iam.Document) {
	t.Helper()
	line, column := 1, 1
	for i, r := range d.Text() + " " {
		if gotLine, gotColumn := d.Position(i); gotLine != line || gotColumn != column {
			t.Fatalf("byte %d of %.40q... is at %d:%d, want %d:%d", i, d.Text(), gotLine, gotColumn, line, column)
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	for _, offset := range []int{-1, len(d.Text()) + 1} {
		near := min(max(offset, 0), len(d.Text()))
		line, column := d.Position(offset)
		if nearLine, nearColumn := d.Position(near); line != nearLine || column != nearColumn {
			t.Errorf("byte %d of %d is at %d:%d", offset, len(d.Text()), line, column)
		}
	}
	for i := range len(d.Text()) {
		if !utf8.RuneStart(d.Text()[i]) {
			d.Position(i) // inside a character there is no right answer; there must be one
		}
	}
}
