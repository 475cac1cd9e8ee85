package settings

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ruleset is a Ruleset that has been read.
type ruleset struct {
	name            string
	namespaces      labels.Selector // nil for all
	objects         labels.Selector // nil for all
	kinds           []string
	providerConfigs []string
	// places reports whether it may take the place of the default. What an object's author chooses, its labels and its
	// ProviderConfig, must not: they would choose the milder one. Which namespaces and kinds they may write is for RBAC to say.
	places bool

	level     policy.Level
	voices    []voice
	trust     *public.Trust
	forbid    []policy.Limit
	cap       []policy.Limit
	keys      []string // ARNs of KMS keys
	roles     []string // ARNs in which controllers act
	owner     string
	owners    map[string]string // by ProviderConfig
	ownership policy.Ownership
	declared  []source.Declaration
}

func (r *ruleset) matches(o Subject) bool {
	return kindFits(r.kinds, o.Reading.Source.GroupKind()) && namespaceFits(r.namespaces, o) &&
		(r.objects == nil || r.objects.Matches(labels.Set(o.Reading.Labels))) &&
		(len(r.providerConfigs) == 0 || slices.Contains(r.providerConfigs, o.Reading.ProviderConfig.Name))
}

func (r *ruleset) account(config source.ProviderConfig) string {
	if account := r.owners[config.Name]; account != "" {
		return account
	}
	return r.owner
}

// exemption is an Exemption that has been read.
type exemption struct {
	name       string
	kinds      []string
	namespaces []glob.Pattern
	selector   labels.Selector // of namespaces; nil for all
	names      []glob.Pattern
	buckets    []glob.Pattern
	rules      map[string]bool
	grants     *iam.Document // nil for everything
	until      time.Time     // zero for ever
}

func (e *exemption) activeAt(now time.Time) bool { return e.until.IsZero() || now.Before(e.until) }

// matches looks at all but the bucket, which is not known yet when settings are asked for.
func (e *exemption) matches(o Subject) bool {
	return kindFits(e.kinds, o.Reading.Source.GroupKind()) && namespaceFits(e.selector, o) &&
		(len(e.namespaces) == 0 || o.Reading.Namespace != "" && nameFits(e.namespaces, o.Reading.Namespace)) &&
		(len(e.names) == 0 || o.Reading.Object != "" && nameFits(e.names, o.Reading.Object))
}

func (e *exemption) matchesBucket(name string) bool {
	return len(e.buckets) == 0 || name != "" && nameFits(e.buckets, name)
}

// kindFits compares with Kind, or Kind.group.
func kindFits(kinds []string, gk schema.GroupKind) bool {
	return len(kinds) == 0 || slices.ContainsFunc(kinds, func(k string) bool {
		kind, group, grouped := strings.Cut(k, ".")
		return kind == gk.Kind && (!grouped || group == gk.Group)
	})
}

func namespaceFits(selector labels.Selector, o Subject) bool {
	return selector == nil || o.Reading.Namespace != "" && selector.Matches(labels.Set(o.NamespaceLabels))
}

func nameFits(patterns []glob.Pattern, name string) bool {
	return slices.ContainsFunc(patterns, func(p glob.Pattern) bool { return p.Match(name) })
}
