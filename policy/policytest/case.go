package policytest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

// Read returns the Input of a case.
func Read(file []byte) (policy.Input, error) {
	in, _, err := read(file)
	return in, err
}

// read takes a case apart; the archive keeps what -update does not write.
func read(file []byte) (policy.Input, *txtar.Archive, error) {
	archive := txtar.Parse(file)
	if len(strings.TrimSpace(string(archive.Comment))) == 0 {
		return policy.Input{}, nil, errors.New("the case does not say why: write a sentence on top")
	}
	r := reading{in: policy.Input{Kind: policy.BucketPolicy}}
	kept := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if slices.Contains(written, f.Name) {
			continue
		}
		if err := r.section(f); err != nil {
			return policy.Input{}, nil, err
		}
		kept.Files = append(kept.Files, f)
	}
	in, err := r.input()
	return in, kept, err
}

// reading is a case as far as it is read.
type reading struct {
	in                  policy.Input
	text                []byte // policy.json, nil without it
	profile, parameters string
}

// written are the sections that -update writes.
var written = []string{"findings", "fixed.json"}

// sections are all others, and how each is read.
var sections = []struct {
	name string
	read func(r *reading, text []byte) error
}{
	{"policy.json", func(r *reading, text []byte) error {
		r.text = append([]byte{}, text...)
		return nil
	}},
	{"old.json", func(r *reading, text []byte) (err error) {
		r.in.Old, err = iam.Parse(string(text))
		return err
	}},
	{"bucket.yaml", (*reading).facts},
	{"buckets.yaml", func(r *reading, text []byte) (err error) {
		r.in.Buckets, err = parseBuckets(text)
		return err
	}},
	{"trust.yaml", func(r *reading, text []byte) error {
		return yaml.UnmarshalStrict(text, &r.in.Trust)
	}},
	{"forbid.json", func(r *reading, text []byte) (err error) {
		r.in.Forbidden, err = limit("Ruleset example", text)
		return err
	}},
	{"cap.json", func(r *reading, text []byte) (err error) {
		r.in.Caps, err = limit("Ruleset example", text)
		return err
	}},
	{"keys.yaml", func(r *reading, text []byte) error {
		r.in.Keys = []policy.Keys{{Name: "Ruleset example"}}
		return yaml.UnmarshalStrict(text, &r.in.Keys[0].ARNs)
	}},
	{"accepted.json", func(r *reading, text []byte) error {
		accepted, err := iam.Parse(string(text))
		r.in.Accepted = []*iam.Document{accepted}
		return err
	}},
	{"profile", func(r *reading, text []byte) error {
		r.profile, r.parameters, _ = strings.Cut(strings.TrimSpace(string(text)), " ")
		return nil
	}},
}

func (r *reading) section(f txtar.File) error {
	var names []string
	for _, s := range sections {
		if s.name == f.Name {
			return s.read(r, f.Data)
		}
		names = append(names, s.name)
	}
	return fmt.Errorf("section %q is none of %s", f.Name, strings.Join(append(names, written...), ", "))
}

// input is what all sections together say.
func (r *reading) input() (policy.Input, error) {
	in := r.in
	switch {
	case in.Kind == policy.Settings && r.text != nil:
		return policy.Input{}, errors.New("kind settings has no policy.json")
	case in.Kind == policy.Settings:
		in.Profile = profiles.Asked(r.profile, r.parameters, "profile", in.Bucket, nil)
		return in, nil
	case r.text == nil:
		return policy.Input{}, errors.New("policy.json is missing; only kind settings goes without")
	}
	in = in.With(string(r.text))
	in.Profile = profiles.Asked(r.profile, r.parameters, "profile", in.Bucket, in.Document)
	return in, nil
}

func limit(name string, text []byte) ([]policy.Limit, error) {
	doc, err := iam.Parse(string(text))
	return []policy.Limit{{Name: name, Document: doc}}, err
}
