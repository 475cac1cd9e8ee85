package policytest

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
)

// check runs a rule on one case and returns what its file should be, nil when the file cannot be understood.
// The error is what is wrong whatever the file expects.
func check(r *policy.Rule, name string, file []byte) ([]byte, error) {
	in, archive, err := read(file)
	if err != nil {
		return nil, err
	}
	findings := policy.Run([]*policy.Rule{r}, in).Findings
	errs := []error{kind(name, findings), stable(in)}
	for _, f := range findings {
		errs = append(errs, wellSaid(f))
	}
	said := describe(findings)
	fixed, err := repair(r, in, findings)
	if errors.Is(err, fix.ErrNoStatement) {
		said += "not fixed: " + err.Error() + "\n"
	} else if err != nil {
		errs = append(errs, err)
	}
	if said != "" {
		archive.Files = append(archive.Files, txtar.File{Name: "findings", Data: []byte(said)})
	}
	if fixed != nil {
		archive.Files = append(archive.Files, txtar.File{Name: "fixed.json", Data: []byte(fixed.Text())})
	}
	return txtar.Format(archive), errors.Join(errs...)
}

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

func kind(name string, findings []policy.Finding) error {
	switch bad := strings.HasPrefix(name, "bad-"); {
	case bad && len(findings) == 0:
		return errors.New("the rule says nothing about a bad- case")
	case !bad && len(findings) > 0:
		return errors.New("the rule speaks about an ok- case")
	}
	return nil
}

// stable shows that parsing and printing keep every byte, and that the compact form reads the same.
func stable(in policy.Input) error {
	if in.Document == nil {
		return nil
	}
	printed, err := in.Document.Apply(nil)
	if err != nil {
		return err
	}
	compact := in.Document.Root().Compact()
	again, err := iam.Parse(compact)
	if err != nil {
		return fmt.Errorf("the compact form cannot be read: %w", err)
	}
	if diff := cmp.Diff([]string{in.Text, compact}, []string{printed, again.Root().Compact()}); diff != "" {
		return fmt.Errorf("the document does not print as it was read, or not in its compact form:\n%s", diff)
	}
	return nil
}

// mostFirstClause is how many characters a message may take before its first semicolon.
const mostFirstClause = 120

func wellSaid(f policy.Finding) error {
	clause, _, _ := strings.Cut(f.Message, "; ")
	switch {
	case f.Message == "" || strings.TrimSpace(f.Message) != f.Message || strings.HasSuffix(f.Message, "."):
		return fmt.Errorf("message %q: empty, padded, or a full stop at the end", f.Message)
	case strings.ContainsFunc(f.Message, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("message %q: a character that does not print", f.Message)
	case utf8.RuneCountInString(clause) > mostFirstClause:
		return fmt.Errorf("message %q: the first clause is longer than %d characters", f.Message, mostFirstClause)
	}
	return nil
}

// repair makes all fixes and shows that they are safe. The document is nil when there is nothing to edit.
func repair(r *policy.Rule, in policy.Input, findings []policy.Finding) (*iam.Document, error) {
	fixes := edits(findings)
	if len(fixes) == 0 {
		return nil, nil
	}
	fixed, err := fix.Apply(in.Document, fixes)
	if err != nil {
		return nil, err
	}
	if err := proven(in, fixed, fixes); err != nil {
		return fixed, err
	}
	again := policy.Run([]*policy.Rule{r}, in.With(fixed.Text())).Findings
	if len(edits(again)) > 0 {
		return fixed, fmt.Errorf("the fixed document can be fixed again:\n%s", describe(again))
	}
	return fixed, nil
}

// proven shows that the fixes are what their classes say.
func proven(in policy.Input, fixed *iam.Document, fixes []policy.Fix) error {
	class := policy.Equivalent
	for _, f := range fixes {
		switch f.Class {
		case policy.Equivalent:
		case policy.Narrowing:
			class = policy.Narrowing
		default:
			return fmt.Errorf("fix %q has no class", f.Description)
		}
	}
	if _, err := fix.Prove(in, fixed, class); err != nil {
		return fmt.Errorf("the fix is not %s: %w", class, err)
	}
	return nil
}

// edits returns the fixes that change the document.
func edits(findings []policy.Finding) []policy.Fix {
	var out []policy.Fix
	for _, f := range findings {
		if f.Fix != nil && len(f.Fix.Edits) > 0 {
			out = append(out, *f.Fix)
		}
	}
	return out
}
