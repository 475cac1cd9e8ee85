// Package cluster lists the objects of a cluster. It asks for no more than JSON over HTTP, so that the command line links
// neither the types of Kubernetes nor a client that caches.
package cluster

import (
	"context"
	"net/url"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

// Cluster is the API server of one.
type Cluster struct {
	client *rest.RESTClient
	groups map[string][]string             // the versions of each that was asked for
	served map[string][]metav1.APIResource // by version, with its group
}

// New returns the cluster that config reaches. Nothing is asked yet.
func New(config *rest.Config) (*Cluster, error) {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"}) // what an API server says where it refuses
	config = rest.CopyConfig(config)
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	config.ContentType = runtime.ContentTypeJSON
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return nil, err
	}
	return &Cluster{client, map[string][]string{}, map[string][]metav1.APIResource{}}, nil
}

// pageSize is how many objects the API server is asked for at a time, as kubectl does.
const pageSize = 500

// List reads all objects of a kind, in its preferred version, page by page. A kind that the API server does not serve has none.
func (c *Cluster) List(ctx context.Context, kind schema.GroupKind, each func(object map[string]any)) error {
	at, err := c.find(ctx, kind)
	if err != nil || at == nil {
		return err
	}
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	for {
		var page struct {
			Metadata struct {
				Continue string `json:"continue"`
			} `json:"metadata"`
			Items []map[string]any `json:"items"`
		}
		if err := c.get(ctx, at.path, query, &page); err != nil {
			return err
		}
		for _, object := range page.Items {
			object["apiVersion"], object["kind"] = at.version, kind.Kind // a list of built-in objects says it once
			each(object)
		}
		if page.Metadata.Continue == "" {
			return nil
		}
		query.Set("continue", page.Metadata.Continue)
	}
}
