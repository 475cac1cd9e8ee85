package settings

import (
	"errors"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// document makes a document of statements, nil of none. What S3 would refuse in a policy is refused here too.
func (r *reader) document(at *field.Path, statements []apiextensionsv1.JSON) *iam.Document {
	if len(statements) == 0 {
		return nil
	}
	parts := make([]string, len(statements))
	for i, s := range statements {
		parts[i] = string(s.Raw)
	}
	text := `{"Version":"` + iam.Version2012 + `","Statement":[` + strings.Join(parts, ",") + `]}`
	in := policy.NewInput(policy.BucketPolicy, text, policy.Bucket{})
	var syntax *iam.SyntaxError
	switch {
	case errors.As(in.Unreadable, &syntax):
		r.errs = append(r.errs, &field.Error{Type: field.ErrorTypeInvalid, Field: within(at, syntax.Path), BadValue: field.OmitValueType{}, Detail: syntax.Reason})
		return nil
	case in.Unreadable != nil:
		r.invalid(at, field.OmitValueType{}, "%v", in.Unreadable)
		return nil
	}
	before := len(r.errs)
	for _, f := range policy.Run(r.rules, in).Findings {
		// That a policy names its own bucket alone cannot be asked of what is for all buckets.
		if f.Rule.Severity == policy.SeverityError && f.Ceiling == policy.Off && f.Rule.ID != rules.ForeignResource.ID {
			r.errs = append(r.errs, &field.Error{
				Type: field.ErrorTypeInvalid, Field: within(at, f.At), BadValue: field.OmitValueType{}, Detail: f.Rule.ID + " " + f.Message,
			})
		}
	}
	if len(r.errs) > before {
		return nil
	}
	return in.Document
}

// within puts a place in a document, Statement[1].Action, where its statement stands: spec.forbid[1].Action.
func within(at *field.Path, in iam.Path) string {
	return at.String() + strings.TrimPrefix(string(in), "Statement")
}
