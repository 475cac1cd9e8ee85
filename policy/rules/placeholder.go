package rules

import (
	"regexp"
	"strings"
)

// placeholderForm is what Flux, Argo CD and Terraform replace in a text before AWS sees it. A condition key has a colon inside,
// and no operator behind it.
var placeholderForm = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*(?:[.\[][^{}:]*)?)(:[-=?+][^{}]*)?\}`)

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
