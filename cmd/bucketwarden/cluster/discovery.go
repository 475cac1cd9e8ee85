package cluster

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
)

// resource is where the objects of a kind are, in one version of it.
type resource struct {
	version string // with its group, as objects say it
	path    string
}

// find asks which version of a kind is preferred. It is nil for a kind that the API server does not serve.
func (c *Cluster) find(ctx context.Context, kind schema.GroupKind) (*resource, error) {
	versions, err := c.versions(ctx, kind.Group)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if c.served[v] == nil {
			var list metav1.APIResourceList
			if err := c.get(ctx, root(v), nil, &list); err != nil && !apierrors.IsNotFound(err) {
				return nil, err
			}
			c.served[v] = append([]metav1.APIResource{}, list.APIResources...)
		}
		for _, r := range c.served[v] {
			if r.Kind == kind.Kind && !strings.Contains(r.Name, "/") { // a subresource has the kind of its object
				return &resource{v, path.Join(root(v), r.Name)}, nil
			}
		}
	}
	return nil, nil
}

// versions returns those of a group, the preferred one first; none for a group that is not served.
func (c *Cluster) versions(ctx context.Context, group string) ([]string, error) {
	if group == "" {
		return []string{"v1"}, nil
	}
	known, ok := c.groups[group]
	if ok {
		return known, nil
	}
	var answer metav1.APIGroup
	if err := c.get(ctx, "/apis/"+group, nil, &answer); err != nil && !apierrors.IsNotFound(err) {
		return nil, err
	}
	var out []string
	for _, v := range append([]metav1.GroupVersionForDiscovery{answer.PreferredVersion}, answer.Versions...) {
		if v.GroupVersion != "" && !slices.Contains(out, v.GroupVersion) {
			out = append(out, v.GroupVersion)
		}
	}
	c.groups[group] = out
	return out, nil
}

// root is the path of a version.
func root(version string) string {
	if !strings.Contains(version, "/") {
		return "/api/" + version
	}
	return "/apis/" + version
}

// get reads one answer. The error is the API server's own where it refuses.
func (c *Cluster) get(ctx context.Context, path string, query url.Values, into any) error {
	request := c.client.Get().AbsPath(path)
	for name := range query {
		request.Param(name, query.Get(name))
	}
	result := request.Do(ctx)
	if err := result.Error(); err != nil {
		return err
	}
	text, err := result.Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
