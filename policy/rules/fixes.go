package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// httpDenied is the fix that adds a Deny of plain HTTP.
func httpDenied(in policy.Input, bucket string) *policy.Fix {
	when := block("Bool", secureTransportKey, iam.NewString("false"))
	return denied(in, bucket, "deny plain HTTP", "s3:*", iam.NewStrings(bucket, bucket+"/*"), member("DenyPlainHTTP", when))
}

// denied is the fix that adds a Deny for everybody under each of some Conditions, which have the statements' Sids for names;
// where one is taken, the fix numbers it.
// There is none where the bucket is not known by its name.
func denied(in policy.Input, bucket, description, action string, resource *iam.Value, conditions ...iam.Member) *policy.Fix {
	if strings.ContainsAny(bucket, "*?$") || in.Document.Root().Member("Statement") == nil {
		return nil
	}
	out := &policy.Fix{Class: policy.Narrowing, Description: description}
	for i, c := range conditions {
		text := iam.NewString
		out.Edits = append(out.Edits, iam.Edit{At: iam.Path("Statement").Index(len(in.Document.Statements) + i), New: iam.NewObject(
			member("Sid", text(c.Name)), member("Effect", text("Deny")), member("Principal", text("*")), member("Action", text(action)),
			member("Resource", resource), member("Condition", c.Value),
		)})
	}
	return out
}

func member(name string, value *iam.Value) iam.Member { return iam.Member{Name: name, Value: value} }

// block is a Condition of one operator and one key.
func block(operator, key string, value *iam.Value) *iam.Value {
	return iam.NewObject(member(operator, iam.NewObject(member(key, value))))
}

// forOwner is the fix that lets a service in for the bucket's own account alone. There is none where that account is not
// written down, or where the statement says something of the account already.
func forOwner(in policy.Input, s *iam.Statement) *policy.Fix {
	const operator, key = "StringEquals", "aws:SourceAccount"
	owner := in.Bucket.Owner
	if !owner.Explicit() || slices.ContainsFunc(s.Condition, func(c iam.Condition) bool { return strings.EqualFold(c.Key, key) }) {
		return nil
	}
	return &policy.Fix{
		Class: policy.Narrowing, Description: "require " + key + " " + owner.Value,
		Edits: []iam.Edit{conditioned(s, operator, key, iam.NewString(owner.Value))},
	}
}

// conditioned adds a condition to a statement, in what is there of its Condition.
func conditioned(s *iam.Statement, operator, key string, value *iam.Value) iam.Edit {
	at := s.Value.Path().Field("Condition")
	condition := s.Value.Member("Condition")
	switch {
	case condition == nil:
		return iam.Edit{At: at, New: block(operator, key, value)}
	case condition.Member(operator) == nil:
		return iam.Edit{At: at.Field(operator), New: iam.NewObject(member(key, value))}
	}
	return iam.Edit{At: at.Field(operator).Field(key), New: value}
}

// retyped is the fix that moves the conditions of one operator which are affected to another operator. There is none where one
// of the keys stands there already.
func retyped(s *iam.Statement, from, to string, affected func(iam.Condition) bool) *policy.Fix {
	var moved []iam.Condition
	rest := 0
	for _, c := range s.Condition {
		switch {
		case c.Operator == to && slices.ContainsFunc(s.Condition, func(d iam.Condition) bool {
			return d.Operator == from && strings.EqualFold(c.Key, d.Key)
		}):
			return nil
		case c.Operator == from && affected(c):
			moved = append(moved, c)
		case c.Operator == from:
			rest++
		}
	}
	condition := s.Value.Member("Condition")
	if condition == nil || condition.Member(from) == nil {
		return nil
	}
	out := &policy.Fix{Class: policy.Narrowing, Description: "write " + to}
	var moving []iam.Member
	for _, c := range moved {
		moving = append(moving, member(c.Key, c.Value))
		if rest > 0 {
			out.Edits = append(out.Edits, iam.Edit{At: c.Value.Path()})
		}
		if condition.Member(to) != nil {
			out.Edits = append(out.Edits, conditioned(s, to, c.Key, c.Value))
		}
	}
	if rest == 0 {
		out.Edits = append(out.Edits, iam.Edit{At: condition.Member(from).Path()})
	}
	if condition.Member(to) == nil {
		out.Edits = append(out.Edits, iam.Edit{At: condition.Path().Field(to), New: iam.NewObject(moving...)})
	}
	return out
}

// expelled is the fix that takes out of a statement whom nobody trusts: the statement itself where nobody else is left.
func expelled(in policy.Input, s *iam.Statement) *policy.Fix {
	trust, _ := trusted(in)
	var gone []iam.Edit
	types := map[string]bool{}
	for _, e := range s.Principal.Entries {
		types[e.Type] = true
		if e.Type != "AWS" || !slices.Contains(trust.Accounts, accountOf(e.ID.Text)) {
			gone = append(gone, iam.Edit{At: e.ID.Path()})
		}
	}
	if len(gone) > 0 && len(gone) < len(s.Principal.Entries) && len(types) == 1 {
		return &policy.Fix{Class: policy.Narrowing, Description: "remove the principals outside the trust", Edits: gone}
	}
	return &policy.Fix{Class: policy.Narrowing, Description: "remove the statement", Edits: []iam.Edit{{At: s.Value.Path()}}}
}

// removal is a fix that removes actions.
func removal(class policy.Class, actions []*iam.Value) *policy.Fix {
	fix := &policy.Fix{Class: class, Description: "remove " + actionList(actions)}
	for _, v := range actions {
		fix.Edits = append(fix.Edits, iam.Edit{At: v.Path()})
	}
	return fix
}
