package policytest

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
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
