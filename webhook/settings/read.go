package settings

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// reader reads the configuration, goes on after what it cannot read, and says where that is.
type reader struct {
	rules []*policy.Rule
	errs  field.ErrorList
	notes []string // on what can be read and does nothing
	// declared are the kinds of the Ruleset that is read.
	declared []source.Declaration
}

func (r *reader) invalid(at *field.Path, value any, format string, args ...any) {
	r.errs = append(r.errs, field.Invalid(at, value, fmt.Sprintf(format, args...)))
}

func (r *reader) rule(at *field.Path, id string) *policy.Rule {
	for _, rule := range r.rules {
		if rule.ID == id {
			return rule
		}
	}
	r.invalid(at, id, "no rule has this id; 'bucketwarden rules' lists all")
	return nil
}

// account is "" for what is no account.
func (r *reader) account(at *field.Path, id string) string {
	if id != "" && (len(id) != 12 || strings.Trim(id, "0123456789") != "") {
		r.invalid(at, id, "not 12 digits")
		return ""
	}
	return id
}

func (r *reader) level(at *field.Path, level v1alpha1.Level) policy.Level {
	if level == "" {
		return ""
	}
	out, err := policy.ParseLevel(string(level))
	if err != nil {
		r.invalid(at, level, "must be privileged, baseline or restricted; until then restricted applies")
		return policy.Restricted
	}
	return out
}

// selector is nil for all. One that cannot be read selects nothing by itself, which for a Ruleset would be the milder side.
func (r *reader) selector(at *field.Path, in *metav1.LabelSelector) labels.Selector {
	if in == nil {
		return nil
	}
	out, err := metav1.LabelSelectorAsSelector(in)
	if err != nil {
		r.invalid(at, "", "%v", err)
		return nil
	}
	return out
}

func (r *reader) kinds(at *field.Path, names []string) []string {
	for i, name := range names {
		switch {
		case knownKind(name, r.declared):
		case maybeDeclared(name):
			r.notes = append(r.notes, fmt.Sprintf("%s: %s has an effect only while a Ruleset declares this kind", at.Index(i), name))
		default:
			r.invalid(at.Index(i), name, "not a kind that Bucketwarden knows; write for example BucketPolicy or BucketPolicy.s3.aws.upbound.io")
		}
	}
	return names
}
