package settings

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

var (
	groupName    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
	kindName     = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	resourceName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// declarations reads the kinds of somebody's own. What is wrong in one of them leaves it out.
func (r *reader) declarations(at *field.Path, kinds []v1alpha1.OwnKind) []source.Declaration {
	var out []source.Declaration
	for i, k := range kinds {
		at, before := at.Index(i), len(r.errs)
		r.form(at.Child("group"), k.Group, groupName, "not an API group, such as platform.example.org")
		r.form(at.Child("kind"), k.Kind, kindName, "not a kind, such as XBucket")
		r.form(at.Child("resource"), k.Resource, resourceName, "not the plural of a kind, such as xbuckets")
		d := source.Declaration{
			Group: k.Group, Kind: k.Kind, Plural: k.Resource,
			Policy:    r.path(at.Child("policy"), k.Policy, "/spec/"),
			Bucket:    r.path(at.Child("bucketName"), k.BucketName, "/spec/", "/metadata/name", "/metadata/annotations/", "/metadata/labels/"),
			Ownership: r.path(at.Child("objectOwnership"), k.ObjectOwnership, "/spec/"),
		}
		for field, value := range map[string]string{"policy": k.Policy, "bucketName": k.BucketName} {
			if value == "" {
				r.errs = append(r.errs, required(at.Child(field)))
			}
		}
		if len(r.errs) == before && source.Reserved(d.GroupKind()) {
			r.invalid(at.Child("kind"), k.Kind, "%s of %s is Bucketwarden's, Kubernetes' or read already; declare kinds of your own", k.Kind, k.Group)
		}
		if len(r.errs) == before {
			out = append(out, d)
		}
	}
	return out
}

func required(at *field.Path) *field.Error {
	return field.Required(at, "write a path such as spec.parameters.policy")
}

func (r *reader) form(at *field.Path, value string, form *regexp.Regexp, complaint string) {
	if !form.MatchString(value) {
		r.invalid(at, value, "%s", complaint)
	}
}

// mostSteps is how deep a path may go.
const mostSteps = 20

// path returns a path as a JSON pointer, "" for none. It has to begin with one of those given.
func (r *reader) path(at *field.Path, path string, under ...string) string {
	pointer := path
	if path != "" && !strings.HasPrefix(path, "/") {
		pointer = "/" + strings.ReplaceAll(path, ".", "/")
	}
	steps := strings.Split(pointer, "/")
	switch {
	case path == "":
		return ""
	case len(steps) > mostSteps || slices.Contains(steps[1:], "") || strings.ContainsAny(pointer, "[]* \t\r\n"):
		r.invalid(at, path, "not a path; write one such as spec.parameters.policy, or a JSON pointer such as /spec/parameters/policy")
		return ""
	case !slices.ContainsFunc(under, func(u string) bool {
		return pointer == u || strings.HasSuffix(u, "/") && strings.HasPrefix(pointer, u)
	}):
		r.invalid(at, path, "not under %s", strings.Join(under, ", "))
		return ""
	}
	return pointer
}

// knownKind reports whether a name, Kind or Kind.group, is of a kind that is read.
func knownKind(name string, declared []source.Declaration) bool {
	fits := func(gk schema.GroupKind) bool { return kindFits([]string{name}, gk) }
	return slices.ContainsFunc(source.All(), func(s source.Source) bool { return fits(s.GroupKind()) }) ||
		slices.ContainsFunc(append(source.Declared(), declared...), func(d source.Declaration) bool { return fits(d.GroupKind()) })
}

// maybeDeclared reports whether a name, Kind.group, may be of a kind that another Ruleset declares, which may be read later. A group
// of a known provider's domain is a slip.
func maybeDeclared(name string) bool {
	_, group, _ := strings.Cut(name, ".")
	return !source.Reserved(schema.GroupKind{Group: group}) && !slices.ContainsFunc(source.All(), func(s source.Source) bool {
		return domain(s.Group) == domain(group)
	})
}

// domain is the last two labels of a group.
func domain(group string) string {
	labels := strings.Split(group, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}
