package policytest

import (
	"errors"
	"fmt"
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
	var text []byte
	var name, parameters string // of the profile
	in := policy.Input{Kind: policy.BucketPolicy}
	kept := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		var err error
		switch f.Name {
		case "policy.json":
			text = append([]byte{}, f.Data...)
		case "bucket.yaml":
			in.Kind, in.Bucket, err = parseFacts(f.Data)
		case "buckets.yaml":
			in.Buckets, err = parseBuckets(f.Data)
		case "old.json":
			in.Old, err = iam.Parse(string(f.Data))
		case "forbid.json":
			in.Forbidden, err = limit("Ruleset example", f.Data)
		case "cap.json":
			in.Caps, err = limit("Ruleset example", f.Data)
		case "keys.yaml":
			in.Keys = []policy.Keys{{Name: "Ruleset example"}}
			err = yaml.UnmarshalStrict(f.Data, &in.Keys[0].ARNs)
		case "accepted.json":
			var accepted *iam.Document
			accepted, err = iam.Parse(string(f.Data))
			in.Accepted = []*iam.Document{accepted}
		case "profile":
			name, parameters, _ = strings.Cut(strings.TrimSpace(string(f.Data)), " ")
		case "trust.yaml":
			err = yaml.UnmarshalStrict(f.Data, &in.Trust)
		case "findings", "fixed.json":
			continue
		default:
			err = fmt.Errorf("section %q is none of policy.json, old.json, bucket.yaml, buckets.yaml, trust.yaml, forbid.json, cap.json, "+
				"keys.yaml, accepted.json, profile, findings, fixed.json", f.Name)
		}
		if err != nil {
			return policy.Input{}, nil, err
		}
		kept.Files = append(kept.Files, f)
	}
	in.Profile = profiles.Asked(name, parameters, "profile", in.Bucket)
	switch {
	case in.Kind == policy.Settings && text != nil:
		return policy.Input{}, nil, errors.New("kind settings has no policy.json")
	case in.Kind == policy.Settings:
		return in, kept, nil
	case text == nil:
		return policy.Input{}, nil, errors.New("policy.json is missing; only kind settings goes without")
	}
	return in.With(string(text)), kept, nil
}

func limit(name string, text []byte) ([]policy.Limit, error) {
	doc, err := iam.Parse(string(text))
	return []policy.Limit{{Name: name, Document: doc}}, err
}
