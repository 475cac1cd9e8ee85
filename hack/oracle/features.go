package main

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// feature is something of the policy language that the peers should be asked about.
type feature string

// decisive returns the features on which alone it hangs whether some statement of the document matches, and what they
// came to: those of an element or condition beside which all others of its statement match.
func decisive(doc *iam.Document, request authz.Request) map[feature]authz.Match {
	out := map[feature]authz.Match{}
	_, explanations := authz.Explain(doc, request)
	for _, x := range explanations {
		for i, e := range x.Elements {
			if onlyOne(x.Elements, i) {
				for _, f := range features(doc, request, x.Statement, i) {
					out[f] = e.Match
				}
			}
		}
	}
	return out
}

// onlyOne reports whether all elements but the one at i match.
func onlyOne(elements []authz.Element, i int) bool {
	for j, e := range elements {
		if j != i && e.Match != authz.Yes {
			return false
		}
	}
	return true
}

// features names what the element at i of a statement is made of. The first three are about the principal, the action
// and the resource, the others are the conditions.
func features(doc *iam.Document, request authz.Request, statement, i int) []feature {
	s := &doc.Statements[statement]
	out := []feature{feature("Effect " + s.Effect)}
	not := func(name string, is bool) feature {
		if is {
			name = "Not" + name
		}
		return feature(name)
	}
	switch i {
	case 0:
		name := not("Principal", s.NotPrincipal != nil)
		return append(out, name, feature("caller: "+callerKind(request.Principal)))
	case 1:
		return append(out, not("Action", s.NotAction != nil))
	case 2:
		out = append(out, not("Resource", s.NotResource != nil))
		return append(out, variableFeatures(doc, append(texts(s.Resource), texts(s.NotResource)...))...)
	}
	c := &s.Condition[i-3]
	op, _ := iam.ParseOperator(c.Operator)
	name := strings.TrimPrefix(strings.TrimSuffix(c.Operator, "IfExists"), string(op.Quantifier)+":")
	out = append(out, feature(name))
	if op.IfExists {
		out = append(out, "...IfExists")
	}
	if op.Quantifier != iam.None {
		out = append(out, feature(op.Quantifier)+":...")
	}
	if values, ok := request.Context.Lookup(c.Key); ok && len(values) > 1 {
		out = append(out, "several values")
	}
	return append(out, variableFeatures(doc, texts(c.Values))...)
}

func variableFeatures(doc *iam.Document, patterns []string) []feature {
	all := strings.Join(patterns, "\n")
	switch {
	case !strings.Contains(all, "${"):
		return nil
	case !doc.HasVariables():
		return []feature{"${...} before 2012"}
	case strings.Contains(all, ", '"):
		return []feature{"${key}", "${key, 'default'}"}
	}
	return []feature{"${key}"}
}

func callerKind(principal string) string {
	for _, k := range []string{":root", ":user/", ":role/", ":assumed-role/", ":federated-user/", ".amazonaws.com"} {
		if strings.Contains(principal, k) {
			return strings.Trim(strings.Replace(k, ".amazonaws.com", "service", 1), ":/")
		}
	}
	return principal
}
