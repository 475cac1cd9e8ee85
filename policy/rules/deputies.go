package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// sourceless accepts requests that do not say for which account a service acts: those that are asked about do.
var sourceless = accepting(condition{"Null": {sourceAccountKey: {"true"}}})

// quiet are services whose page on AWS shows a statement without any of the keys, so that a condition may shut them out.
var quiet = []string{"logdelivery.elasticloadbalancing.amazonaws.com", "logdelivery.elb.amazonaws.com", "personalize.amazonaws.com"}

// deputy is an Allow by which a service acts for accounts that nobody named.
type deputy struct {
	*iam.Statement
	space.Verdict
	asked bool // the service has to say for whom, but too many will do
	sends bool // AWS documents that the service says so
}

// deputies finds them: where a service gets in with an aws:SourceAccount, and no aws:Source key has a value that the document
// fixes.
func deputies(in policy.Input) []deputy {
	if !resourcePolicy(in) || !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return openToService(in, &s) }) {
		return nil // as in most policies
	}
	return policy.Once(in, deputiesKey{}, func() []deputy { return findDeputies(in) })
}

// deputiesKey is the key of deputies, which BW501 and BW502 ask for.
type deputiesKey struct{}

func findDeputies(in policy.Input) []deputy {
	doc := remaining(in).Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny || openToService(in, s) })
	silent, roles := silentServices(doc)
	accepted := []*iam.Document{sourceless, fixedSources(in)}
	if len(roles) > 0 {
		accepted = append(accepted, accepting(condition{"StringEquals": {serviceNameKey: roles}}))
	}
	ask := func(d *iam.Document) space.Verdict {
		return space.Access(d, space.Services, in.Budget.Share(partBudget), accepted...)
	}
	var out []deputy
	take := func(sends bool) {
		for s, v := range opened(doc, ask) {
			d := deputy{s, v, false, sends}
			if s != nil {
				doc = doc.Only(func(t *iam.Statement) bool { return t.Value != s.Value })
			}
			if v.Answer == space.Found {
				d.examine(remaining(in).Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny || t.Value == s.Value }))
			}
			out = append(out, d)
		}
	}
	if len(silent) == 0 {
		take(true)
		return out
	}
	before := len(accepted)
	accepted = append(accepted, accepting(condition{"StringEquals": {serviceNameKey: silent}}))
	take(true)
	accepted = accepted[:before]
	take(false)
	return out
}

// examine looks at how the witness gets in, and has it act for an account that anybody can tell is another one.
func (d *deputy) examine(doc *iam.Document) {
	r := *d.Witness
	r.Context = maps.Clone(r.Context)
	maps.DeleteFunc(r.Context, func(k string, _ []string) bool { return isOneOf(k, sourceKeys) })
	d.asked = authz.Decide(doc, r).Decision != authz.Allowed

	const foreign = "444455556666"
	r.Context = maps.Clone(d.Witness.Context)
	maps.DeleteFunc(r.Context, func(k string, _ []string) bool { return strings.EqualFold(k, sourceAccountKey) })
	r.Context[sourceAccountKey] = []string{foreign}
	if !doc.Mentions(foreign) && authz.Decide(doc, r).Decision == authz.Allowed {
		d.Witness = &r
	}
}

// openToService reports whether an Allow lets in services, and does not by itself say for whom they act.
func openToService(in policy.Input, s *iam.Statement) bool {
	return letsInService(s) && !slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return ok && holds(op) && op.Comparison != iam.Null && isOneOf(c.Key, sourceKeys) && len(c.Values) > 0 &&
			!slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return !fixedSource(in, c.Key, v.Text) })
	})
}

// letsInService reports whether an Allow admits services by their name or kind, or callers who say for whom they act, as only
// services do.
func letsInService(s *iam.Statement) bool {
	if s.Effect != iam.Allow || s.Principal == nil {
		return false
	}
	return slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool { return e.Type == "Service" }) ||
		slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
			op, ok := iam.ParseOperator(c.Operator)
			switch {
			case !ok || !holds(op) || len(c.Values) == 0:
				return false
			case strings.EqualFold(c.Key, isServiceKey):
				return strings.EqualFold(c.Values[0].Text, "true")
			}
			return strings.EqualFold(c.Key, serviceNameKey) || strings.EqualFold(c.Key, serviceNameKey+"sList") ||
				op.Comparison != iam.Null && anybody(s) && isOneOf(c.Key, sourceKeys)
		})
}

// fixedSources accepts whoever a service acts for by a fixed value of the document.
func fixedSources(in policy.Input) *iam.Document {
	values := map[string][]string{}
	for s := range statements(in) {
		for _, c := range s.Condition {
			for _, v := range c.Values {
				if i := slices.IndexFunc(sourceKeys, func(k string) bool { return strings.EqualFold(k, c.Key) }); i >= 0 && fixedSource(in, c.Key, v.Text) {
					values[sourceKeys[i]] = append(values[sourceKeys[i]], v.Text)
				}
			}
		}
	}
	var out []condition
	for _, key := range slices.Sorted(maps.Keys(values)) {
		operator := "StringLike"
		if key == "aws:SourceOrgPaths" {
			operator = "ForAnyValue:StringLike"
		}
		out = append(out, condition{operator: {key: values[key]}})
	}
	return accepting(out...)
}

// fixedSource reports whether a value of a source key stands for one account or organization. Those of the bucket do.
func fixedSource(in policy.Input, key, value string) bool {
	if in.Document.HasVariables() && strings.Contains(value, "${") {
		return strings.EqualFold(value, "${aws:ResourceAccount}") || strings.EqualFold(value, "${aws:ResourceOrgID}")
	}
	switch strings.ToLower(key) {
	case "aws:sourcearn":
		parts := strings.SplitN(value, ":", 6)
		if len(parts) == 6 && len(parts[4]) == 12 && !strings.ContainsAny(parts[4], "*?") {
			return true
		}
		return !strings.ContainsAny(value, "*?") && impossibleSource(parts) != "" // BW110's: nobody has it
	case "aws:sourceorgpaths":
		value, _, _ = strings.Cut(value, "/")
	}
	return !strings.ContainsAny(value, "*?")
}

// silentServices returns the services that a document lets in and of which nobody knows that they say for whom they act, and
// those that never act as themselves, of which BW503 speaks.
func silentServices(doc *iam.Document) (silent, roles []string) {
	for _, s := range doc.Statements {
		if s.Effect == iam.Deny || s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if e.Type != "Service" {
				continue
			}
			known, ok := catalog.LookupService(e.ID.Text)
			if _, role := catalog.LookupRoleService(e.ID.Text); role {
				roles = append(roles, e.ID.Text)
			} else if !ok || slices.Contains(quiet, known.Principal) {
				silent = append(silent, e.ID.Text)
			}
		}
	}
	return silent, roles
}
