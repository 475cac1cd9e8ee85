package rules

import (
	"regexp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// placeholderForm is what Flux, Argo CD and Terraform replace in a text before AWS sees it. A condition key has a colon inside,
// and no operator behind it.
var placeholderForm = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*(?:[.\[][^{}:]*)?)(:[-=?+][^{}]*)?\}`)

// otherPlaceholders are forms that no tool of AWS reads. Those of names are good text elsewhere, as in the key of an object.
var otherPlaceholders = []struct {
	form  *regexp.Regexp
	names bool // in names of buckets, accounts and principals alone
	says  string
}{
	{regexp.MustCompile(`\{\{[^{}]*\}\}`), false, " is a placeholder of a template; render it first: helm template CHART, crossplane render or argocd app manifests APP"},
	{regexp.MustCompile(`<path:[^<>]*>`), false, " is a placeholder of argocd-vault-plugin; render it first: argocd-vault-plugin generate PATH"},
	{regexp.MustCompile(`\$ARGOCD_[A-Z0-9_]+`), false, " is a placeholder of Argo CD; render it first: argocd app manifests APP"},
	{regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_]*`), true, " is a placeholder of a shell; render it first: envsubst"},
	{regexp.MustCompile(`%(?:\[[0-9]+\])?[dsv]`), true, " is a placeholder of a format, as in a patch of Crossplane; render it first: crossplane render"},
}

// placeholder says of the ${...} that a text begins with whose placeholder it is and how to render it, "" when it is none.
func placeholder(s string) string {
	m := placeholderForm.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	name, operator := m[1], m[2]
	of := func(tool, command string) string {
		return value(m[0]) + " is a placeholder of " + tool + "; render it first: " + command
	}
	switch {
	case strings.HasPrefix(name, "ARGOCD_"):
		return of("Argo CD", "argocd app manifests APP")
	case operator != "":
		return of("Flux", "flux envsubst")
	case strings.ContainsAny(name, ".["):
		return of("Terraform or another template", "terraform show -json PLAN")
	}
	return ""
}

// plainWord is the hint for a variable that is neither a condition key nor near one.
const plainWord = "; if it is a placeholder of Flux or Terraform, render it first (flux envsubst)"

// unrendered says of a value with a placeholder in it what it is, "" when there is none. name is the part of it that is a name:
// of a bucket, an account, a principal.
func unrendered(text, name string) string {
	if !strings.ContainsAny(text, "${%<") {
		return ""
	}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "${")
		if !found {
			break
		}
		if wrong := placeholder("${" + after); wrong != "" {
			return wrong
		}
		rest = after
	}
	for _, p := range otherPlaceholders {
		in := text
		if p.names {
			in = name
		}
		if at := p.form.FindString(in); at != "" {
			return value(at) + p.says
		}
	}
	return ""
}

// unrenderedPrincipal is unrendered of a principal, which is a name as a whole.
func unrenderedPrincipal(e iam.PrincipalEntry) string { return unrendered(e.ID.Text, e.ID.Text) }

// unrenderedResource is unrendered of a Resource, which is a name up to the key of an object.
func unrenderedResource(text string) string {
	name, _, _ := strings.Cut(text, "/")
	return unrendered(text, name)
}

// placeholders returns the values of a statement that have placeholders, and what those are.
func placeholders(s *iam.Statement) []variableUse {
	var out []variableUse
	add := func(v *iam.Value, wrong string) {
		if wrong != "" {
			out = append(out, variableUse{v, wrong})
		}
	}
	for _, p := range [...]*iam.Principal{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		for _, e := range p.Entries {
			add(e.ID, unrenderedPrincipal(e))
		}
	}
	for _, list := range [...][]*iam.Value{s.Action, s.NotAction} {
		for _, v := range list {
			add(v, unrendered(v.Text, v.Text))
		}
	}
	for _, list := range [...][]*iam.Value{s.Resource, s.NotResource} {
		for _, v := range list {
			add(v, unrenderedResource(v.Text))
		}
	}
	for _, c := range s.Condition {
		for _, v := range c.Values {
			add(v, unrendered(v.Text, ""))
		}
	}
	return out
}
