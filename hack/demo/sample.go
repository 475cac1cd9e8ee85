package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// sample is a file to apply. It begins with a comment whose first line is the promise.
type sample struct {
	file    string
	comment string // without the number signs
	promise outcome
	object  map[string]any
}

// outcome is what becomes of an object.
type outcome struct {
	verdict string // Refused, Patched or Admitted
	rules   string // that refused, patched, or warned: ids with ", " between them
}

func (o outcome) String() string {
	if o.rules == "" {
		return o.verdict
	}
	return o.verdict + " by " + o.rules
}

var promise = regexp.MustCompile(`^(Refused|Patched|Admitted)(?: by (BW[0-9]{3}(?:, BW[0-9]{3})*))?: `)

func readSamples(dir string) ([]sample, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s holds no .yaml file here: run it from the root of the repository", dir)
	}
	var out []sample
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s, err := parseSample(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		s.file = file
		out = append(out, s)
	}
	return out, nil
}

func parseSample(text string) (sample, error) {
	var s sample
	if err := yaml.UnmarshalStrict([]byte(text), &s.object); err != nil {
		return s, err
	}
	var comment []string
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !ok {
			break
		}
		comment = append(comment, strings.TrimPrefix(line, " "))
	}
	s.comment = strings.Join(comment, "\n")
	found := promise.FindStringSubmatch(s.comment)
	if found == nil {
		return s, fmt.Errorf("the first line does not begin like %q, %q or %q",
			"# Refused by BW101: ", "# Patched by BW301: ", "# Admitted: ")
	}
	s.promise = outcome{found[1], found[2]}
	return s, nil
}

// policies returns the policies of an object as people read them, by the field that holds each.
func policies(obj map[string]any) (map[string]string, error) {
	reading, _, err := source.Read(obj)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, d := range reading.Documents {
		out[d.Field] = d.Raw
		if d.Encoding == source.Structured {
			text, err := yaml.Marshal(d.Structured)
			if err != nil {
				return nil, err
			}
			out[d.Field] = string(text)
		}
	}
	return out, nil
}
