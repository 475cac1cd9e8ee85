//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// family is one file of testdata/bypass: attempts by one kind of trick, and controls, which do the same without the
// trick and show that the attempts can fail.
type family struct {
	name     string
	Controls []attempt `json:"controls"`
	Attempts []attempt `json:"attempts"`
}

// attempt is one way to get a policy past the gate. One of statement, policy, steps and file says what is sent, one of the
// last five fields what has to come of it; of a file, the file itself says that. BUCKET stands for "bypass-" and the id, HARMLESS-POLICY and PUBLIC-POLICY for the
// documents of those names.
type attempt struct {
	ID   string `json:"id"`
	Does string `json:"does"` // what the attacker does, as a sentence

	Statement map[string]any `json:"statement"` // of a policy; what it leaves out is harmless
	Policy    string         `json:"policy"`    // text of a whole policy
	Standing  map[string]any `json:"standing"`  // object that is stored before the gate comes; the steps follow
	Steps     []step         `json:"steps"`     // the last one is the attempt, those before it are admitted
	File      *file          `json:"file"`      // for the command line, and for kubectl
	Repeat    repeat         `json:"repeat"`    // what stands where a body says REPEATED

	Refused string         `json:"refused"` // by the gate: id of a rule that has to be among its reasons
	Server  *answer        `json:"server"`  // by the API server, before the gate is asked
	Stored  map[string]any `json:"stored"`  // admitted, and so stored: values by JSON pointer, null for what is not there
	Warned  string         `json:"warned"`  // admitted with a warning: id of the rule that it names
	Gone    bool           `json:"gone"`    // admitted, and with it the object is deleted
}

// repeat is a text many times, which nobody wants to read in a file.
type repeat struct {
	Text  string `json:"text"`
	Times int    `json:"times"`
}

// answer is a refusal of the API server itself.
type answer struct {
	Code int    `json:"code"`
	Says string `json:"says"` // a part of it
}

const attempts = "testdata/bypass/*.yaml"

// readFamilies reads all attempts. Each has an id of its own.
func readFamilies() ([]family, error) {
	files, err := filepath.Glob(attempts)
	if err != nil {
		return nil, err
	}
	var out []family
	seen := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f := family{name: strings.TrimSuffix(filepath.Base(name), ".yaml")}
		if err := yaml.UnmarshalStrict(text, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, a := range slices.Concat(f.Controls, f.Attempts) {
			if err := a.check(); err != nil || seen[a.ID] {
				return nil, fmt.Errorf("%s: %s: %w", name, a.ID, err)
			}
			seen[a.ID] = true
		}
		out = append(out, f)
	}
	return out, nil
}

var attemptID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check reports whether an attempt is complete.
func (a attempt) check() error {
	count := func(all ...bool) (n int) {
		for _, is := range all {
			if is {
				n++
			}
		}
		return n
	}
	sent := count(a.Statement != nil, a.Policy != "", len(a.Steps) > 0, a.File != nil)
	wanted := count(a.File != nil, a.Refused != "", a.Server != nil, a.Stored != nil, a.Warned != "", a.Gone)
	switch {
	case !attemptID.MatchString(a.ID) || a.Does == "":
		return fmt.Errorf("id %q, does %q", a.ID, a.Does)
	case sent != 1:
		return fmt.Errorf("%d things are sent", sent)
	case wanted != 1:
		return fmt.Errorf("%d outcomes are wanted", wanted)
	}
	return nil
}

func (a attempt) bucket() string { return "bypass-" + a.ID }

// fill replaces all that stands for something else in a text of JSON or quoted YAML.
func (a attempt) fill(text string) string {
	inString := func(s string) string { s = encode(s); return s[1 : len(s)-1] }
	for _, r := range [][2]string{
		{"REPEATED", inString(strings.Repeat(a.Repeat.Text, a.Repeat.Times))},
		{"PUBLIC-DOCUMENT", allows("BUCKET", public)},
		{"HARMLESS-POLICY", inString(allows("BUCKET", reads))},
		{"PUBLIC-POLICY", inString(allows("BUCKET", public))},
		{"BUCKET", a.bucket()},
		{"BYTE-FF", "\xff"}, // no UTF-8, which no file of attempts can hold
	} {
		text = strings.ReplaceAll(text, r[0], r[1])
	}
	return text
}

const public = `{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`

// requests are the steps, or the one step that creates a BucketPolicy.
func (a attempt) requests() []step {
	if len(a.Steps) > 0 {
		return a.Steps
	}
	return []step{{Body: bucketPolicy("BUCKET", a.document()).Object}}
}

// document is the text of a statement or policy.
func (a attempt) document() string {
	if a.Policy != "" {
		return a.Policy
	}
	statement := m{
		"Effect": "Allow", "Principal": m{"AWS": "arn:aws:iam::111122223333:role/reader"},
		"Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*",
	}
	for name, value := range a.Statement {
		statement[name] = value
		if value == nil {
			delete(statement, name)
		}
	}
	return encode(m{"Version": "2012-10-17", "Statement": []any{statement}})
}

// TestBypass tries to get policies past the gate.
func TestBypass(t *testing.T) {
	families, err := readFamilies()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := standingAttempts()
	if err == nil {
		err = stopGate() // objects come that it would refuse
	}
	if err != nil {
		t.Fatal(err)
	}
	for p, i := newPerson(t), 0; i < len(objects); i++ {
		p.create(objects[i])
	}
	baseline(t)
	w := newWire(t)
	tried := 0
	for _, f := range families {
		if len(f.Controls) == 0 || len(f.Attempts) == 0 {
			t.Errorf("%s has no control, or no attempt", f.name)
		}
		tried += len(f.Attempts)
		for _, a := range slices.Concat(f.Controls, f.Attempts) {
			t.Run(f.name+"/"+a.ID, func(t *testing.T) {
				if a.File != nil {
					w.tryFile(t, a)
				} else {
					w.try(t, a)
				}
			})
		}
	}
	const least = 80
	if t.Logf("%d attempts", tried); tried < least {
		t.Errorf("%d attempts; want at least %d", tried, least)
	}
}

// standingAttempts are the objects that are to be stored before the gate comes.
func standingAttempts() ([]*unstructured.Unstructured, error) {
	families, err := readFamilies()
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	for _, f := range families {
		for _, a := range slices.Concat(f.Controls, f.Attempts) {
			if a.Standing == nil {
				continue
			}
			obj := &unstructured.Unstructured{}
			if err := obj.UnmarshalJSON([]byte(a.fill(encode(a.Standing)))); err != nil {
				return nil, fmt.Errorf("%s: %w", a.ID, err)
			}
			out = append(out, obj)
		}
	}
	return out, nil
}
