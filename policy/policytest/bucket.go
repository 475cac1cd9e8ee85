package policytest

import (
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

// Facts is the shape of bucket.yaml. Unknown fields are errors; a fact that is left out is not known.
type Facts struct {
	// Kind is bucket (also when left out), accesspoint, identity, settings, or the prefix of a service beside S3: s3vectors.
	Kind              string                          `json:"kind,omitempty"`
	Name              *Fact[string]                   `json:"name,omitempty"`
	Ownership         *Fact[policy.Ownership]         `json:"ownership,omitempty"`
	PublicAccessBlock *Fact[policy.PublicAccessBlock] `json:"publicAccessBlock,omitempty"`
	ACL               *Fact[policy.ACL]               `json:"acl,omitempty"`
	ObjectACL         *Fact[policy.ACL]               `json:"objectACL,omitempty"`
	Owner             *Fact[string]                   `json:"owner,omitempty"`
	Region            *Fact[string]                   `json:"region,omitempty"`
	Partition         *Fact[string]                   `json:"partition,omitempty"`
	Controllers       []*Fact[string]                 `json:"controllers,omitempty"`
	Rivals            []policy.Rival                  `json:"rivals,omitempty"`
	Made              *Fact[string]                   `json:"made,omitempty"`

	Versioning   *Fact[string] `json:"versioning,omitempty"`
	AccessLog    *Fact[string] `json:"accessLog,omitempty"`
	Key          *Fact[string] `json:"key,omitempty"`
	ObjectLock   *Fact[string] `json:"objectLock,omitempty"`
	AbortUploads *Fact[string] `json:"abortUploads,omitempty"`
}

// Fact is a value and where it was learnt.
type Fact[T any] struct {
	Value  T      `json:"value"`
	Origin string `json:"origin"` // observed, declared, sibling, configured, claimed, default
	From   string `json:"from,omitempty"`
}

// facts reads bucket.yaml.
func (r *reading) facts(text []byte) error {
	var in Facts
	if err := yaml.UnmarshalStrict(text, &in); err != nil {
		return fmt.Errorf("bucket.yaml: %w", err)
	}
	kinds := map[string]policy.Kind{
		"": policy.BucketPolicy, "bucket": policy.BucketPolicy, "accesspoint": policy.AccessPointPolicy,
		"identity": policy.IdentityPolicy, "settings": policy.Settings,
	}
	kind, ok := kinds[in.Kind]
	if _, neighbour := catalog.LookupNeighbour(in.Kind); neighbour {
		r.in.Service, kind = in.Kind, policy.NeighbourPolicy
	} else if !ok {
		return fmt.Errorf("bucket.yaml: kind %q is none of bucket, accesspoint, identity, settings, and no service", in.Kind)
	}
	bucket, err := in.bucket()
	r.in.Kind, r.in.Bucket = kind, bucket
	return err
}

// parseBuckets reads buckets.yaml: the Facts of buckets, by their names.
func parseBuckets(text []byte) (map[string]policy.Bucket, error) {
	var all map[string]Facts
	if err := yaml.UnmarshalStrict(text, &all); err != nil {
		return nil, fmt.Errorf("buckets.yaml: %w", err)
	}
	out := map[string]policy.Bucket{}
	for name, facts := range all {
		bucket, err := facts.bucket()
		if err != nil {
			return nil, err
		}
		out[name] = bucket
	}
	return out, nil
}

func (in Facts) bucket() (out policy.Bucket, err error) {
	for name, err := range map[string]error{
		"name":              in.Name.fill(&out.Name),
		"ownership":         in.Ownership.fill(&out.Ownership),
		"publicAccessBlock": in.PublicAccessBlock.fill(&out.PublicAccessBlock),
		"acl":               in.ACL.fill(&out.ACL),
		"objectACL":         in.ObjectACL.fill(&out.ObjectACL),
		"owner":             in.Owner.fill(&out.Owner),
		"region":            in.Region.fill(&out.Region),
		"partition":         in.Partition.fill(&out.Partition),
		"made":              in.Made.fill(&out.Made),
		"versioning":        in.Versioning.fill(&out.Features.Versioning),
		"accessLog":         in.AccessLog.fill(&out.Features.AccessLog),
		"key":               in.Key.fill(&out.Features.Key),
		"objectLock":        in.ObjectLock.fill(&out.Features.ObjectLock),
		"abortUploads":      in.AbortUploads.fill(&out.Features.AbortUploads),
	} {
		if err != nil {
			return out, fmt.Errorf("bucket.yaml: %s: %w", name, err)
		}
	}
	out.Rivals = in.Rivals
	for _, c := range in.Controllers {
		var controller policy.Fact[string]
		if err := c.fill(&controller); err != nil {
			return out, fmt.Errorf("bucket.yaml: controllers: %w", err)
		}
		out.Controllers = append(out.Controllers, controller)
	}
	return out, nil
}

func (f *Fact[T]) fill(out *policy.Fact[T]) error {
	if f == nil {
		return nil
	}
	out.Value, out.From = f.Value, f.From
	if strings.HasPrefix(f.From, "spec.") || strings.HasPrefix(f.From, "status.") {
		out.Field = f.From
	}
	switch f.Origin {
	case "declared":
		out.Origin = policy.Declared
	case "observed":
		out.Origin = policy.Observed
	case "sibling":
		out.Origin = policy.Sibling
	case "configured":
		out.Origin = policy.Configured
	case "claimed":
		out.Origin = policy.Claimed
	case "default":
		out.Origin = policy.AWSDefault
	default:
		return fmt.Errorf("origin %q is none of observed, declared, sibling, configured, claimed, default", f.Origin)
	}
	return nil
}
