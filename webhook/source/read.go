package source

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Read reads one decoded object. It is false for a kind that All does not list and nobody has declared.
//
// The error is a *FieldError for the first field whose type is not the one of the kind's schema; the API server lets no
// such object through. The Reading then holds what could be read. Conditions that cannot become JSON are not errors of
// the object: see Embedded.Err.
func Read(obj map[string]any) (Reading, bool, error) {
	k, ok := kindOf(obj)
	if !ok {
		return Reading{}, false, nil
	}
	root := node{obj, ""}

	var r reader
	reading := Reading{
		Source:        k.Source,
		Object:        r.first(root, "/metadata/name").Value,
		Labels:        r.labels(root),
		Name:          r.name(root, k.Bucket, k.Namespaced),
		AccessPoint:   AccessPointName(r.name(root, k.AccessPoint, k.Namespaced)),
		Account:       r.first(root, k.Account...),
		BucketAccount: r.first(root, k.BucketAccount...),
		Region:        r.first(root, k.Region...),
		ACL:           r.acl(root, k.ACL, k.Grants),
		ObjectACL:     r.acl(root, k.Source.Object.ACL, k.Source.Object.Grants),
		ObjectKey:     r.first(root, k.Source.Object.Key...),
		LogTarget:     r.name(root, k.Logs.Target, k.Namespaced),
		LogACL:        r.acl(root, nil, k.Logs.Grants),
		Mode:          r.mode(root, k.Provider),
		Profile:       r.first(root, profile),
		Parameters:    r.first(root, parameters),
		Deleting:      root.key("metadata").key("deletionTimestamp").value != nil,
		Owner:         r.owner(root),
		root:          root,
	}
	if k.Namespaced { // files of cluster-scoped objects may have one, which the API server drops
		reading.Namespace = r.first(root, "/metadata/namespace").Value
	}
	reading.Documents, reading.Blank = r.documents(root, k.Policies)
	reading.Ownership = r.ownership(root, k.Ownership)
	reading.Features = r.features(root, k.Features)
	reading.PublicAccessBlock = r.blocks(root, k.PublicAccessBlock, reading.Mode)
	reading.Partition = r.partition(root, k.Source, reading.Region)
	reading.ProviderConfig = r.providerConfig(root, k.Source)
	if r.err != nil {
		return reading, true, r.err
	}
	return reading, true, nil
}

// first returns the first string that is not empty.
func (r *reader) first(root node, pointers ...string) Text {
	for n := range r.at(root, pointers...) {
		if s, _ := r.text(n); s != "" {
			return Text{s, n.pointer}
		}
	}
	return Text{}
}

// labels returns the object's labels, nil where it has none.
func (r *reader) labels(root node) map[string]string {
	labels := r.object(root.key("metadata").key("labels"))
	all, _ := labels.value.(map[string]any)
	if len(all) == 0 {
		return nil
	}
	out := make(map[string]string, len(all))
	for key := range all {
		out[key], _ = r.text(labels.key(key))
	}
	return out
}

func (r *reader) documents(root node, fields []PolicyField) (documents []Embedded, blank []string) {
	taken := false
	for _, f := range fields {
		shadowed := taken // by another field: the documents of a list all count
		for n := range r.policies(root, f) {
			e := Embedded{
				Pointer: n.pointer, Field: FieldPath(n.pointer), Encoding: f.encoding(n), Side: side(n.pointer), Shadowed: shadowed,
			}
			if r.embedded(&e, n, f) {
				taken = true
				documents = append(documents, e)
				continue
			}
			if n.value == "" {
				blank = append(blank, n.pointer)
			}
			taken = taken || f.Sticky
		}
	}
	return documents, blank
}

// policies yields the nodes that hold the documents of a field.
func (r *reader) policies(root node, f PolicyField) iter.Seq[node] {
	if !f.Named {
		return r.at(root, f.Pointer)
	}
	return func(yield func(node) bool) {
		for n := range r.at(root, f.Pointer) {
			all, _ := r.object(n).value.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if one := n.key(name); one.value != nil && !yield(one) {
					return
				}
			}
		}
	}
}

// encoding is how the field holds what is at a node.
func (f PolicyField) encoding(n node) Encoding {
	if _, ok := n.value.(map[string]any); ok && f.Either {
		return Object
	}
	return f.Encoding
}

// embedded reads the document of a node. It is false where there is none.
func (r *reader) embedded(e *Embedded, n node, f PolicyField) bool {
	switch e.Encoding {
	case Structured:
		if n = r.object(n); n.value != nil {
			r.structured(e, n, f.Resolved)
		}
		return n.value != nil
	case Object:
		e.object(n)
		return true
	}
	text, _ := r.text(n)
	if e.Encoding == URL {
		e.decode(text)
	} else {
		e.Raw = text
	}
	return text != ""
}

func (r *reader) ownership(root node, fields []SettingField) []Setting {
	var settings []Setting
	for _, f := range fields {
		for n := range r.at(root, f.Pointer) {
			if s, _ := r.text(n); s != "" {
				settings = append(settings, Setting{s, n.pointer, side(n.pointer), f.CreateOnly})
			}
		}
	}
	return settings
}

func (r *reader) blocks(root node, field BlockField, mode Mode) []PublicAccessBlock {
	var blocks []PublicAccessBlock
	for n := range r.at(root, field.Pointers...) {
		for item := range n.items() {
			if item = r.object(item); item.value == nil {
				continue
			}
			blocks = append(blocks, PublicAccessBlock{
				BlockPublicAcls:       r.flag(item.key("blockPublic" + field.ACLs)),
				BlockPublicPolicy:     r.flag(item.key("blockPublicPolicy")),
				IgnorePublicAcls:      r.flag(item.key("ignorePublic" + field.ACLs)),
				RestrictPublicBuckets: r.flag(item.key("restrictPublicBuckets")),
				Pointer:               item.pointer,
				Side:                  side(item.pointer),
				Dropped:               dropped(item, field.ACLs),
			})
		}
	}
	if len(blocks) == 0 && field.AbsentOff && !mode.ObserveOnly && !mode.Adopting {
		off := false
		blocks = append(blocks, PublicAccessBlock{
			BlockPublicAcls: &off, BlockPublicPolicy: &off, IgnorePublicAcls: &off, RestrictPublicBuckets: &off, Side: Spec, Absent: true,
		})
	}
	return blocks
}

// dropped returns the members of a block that are a switch but for their case, in order.
func dropped(block node, acls string) string {
	members, _ := block.value.(map[string]any)
	var out []string
	for name := range members {
		for _, field := range [...]string{"blockPublic" + acls, "ignorePublic" + acls, "blockPublicPolicy", "restrictPublicBuckets"} {
			if _, there := members[field]; name != field && strings.EqualFold(name, field) && !there {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// mode reads what both families of controllers offer to keep an object's declaration from AWS.
func (r *reader) mode(root node, provider Provider) Mode {
	if provider == Own { // whose controller honours nothing of the kind, as far as anybody knows
		return Mode{}
	}
	annotated := func(pointer string) string { return r.first(root, pointer).Value }
	if provider == ACK {
		adopt, adopted := annotated(ackAdoptionPolicy) == "adopt", strings.ToLower(annotated(ackAdopted)) == "true"
		return Mode{
			ObserveOnly: strings.ToLower(annotated(ackReadOnly)) == "true",
			Adopting:    adopt && !adopted,
			Adopted:     adopt && adopted,
			Orphan:      annotated(ackDeletionPolicy) == "retain",
		}
	}
	spec := root.key("spec")
	deletion, _ := r.text(spec.key("deletionPolicy"))
	mode := Mode{Paused: annotated(paused) == "true", Orphan: deletion == "Orphan"}
	policies := spec.key("managementPolicies")
	if _, ok := policies.value.([]any); !ok {
		if policies.value != nil {
			r.want(policies, "a list")
		}
		return mode // the schema's default is ["*"]
	}
	var some, writes, deletes bool
	for n := range policies.items() {
		p, _ := r.text(n)
		some = true
		writes = writes || p == "*" || p == "Create" || p == "Update"
		deletes = deletes || p == "*" || p == "Delete"
	}
	mode.Paused = mode.Paused || !some
	mode.ObserveOnly = !writes
	mode.Orphan = mode.Orphan || !deletes
	return mode
}

func (r *reader) owner(root node) Owner {
	owner := Owner{
		Composite:      r.first(root, composite).Value,
		Claim:          r.first(root, claimName).Value,
		ClaimNamespace: r.first(root, claimNamespace).Value,
		Resource:       r.first(root, resourceName).Value,
	}
	for n := range r.at(root, "/metadata/ownerReferences") {
		for ref := range r.list(n) {
			if controls := r.flag(ref.key("controller")); controls == nil || !*controls {
				continue
			}
			version, _ := r.text(ref.key("apiVersion"))
			kind, _ := r.text(ref.key("kind"))
			name, _ := r.text(ref.key("name"))
			owner.Controller = &Controller{schema.FromAPIVersionAndKind(version, kind), name}
			return owner
		}
	}
	return owner
}

func (r *reader) providerConfig(root node, s Source) ProviderConfig {
	if s.Provider == ACK || s.Provider == Own {
		return ProviderConfig{}
	}
	config := ProviderConfig{Kind: "ProviderConfig", Name: "default"}
	if s.Namespaced {
		config.Kind = "ClusterProviderConfig" // the default of the namespaced kinds' schema
	}
	for n := range r.at(root, "/spec/providerConfigRef") {
		if n = r.object(n); n.value == nil {
			continue
		}
		config.Pointer = n.pointer
		if kind, _ := r.text(n.key("kind")); kind != "" {
			config.Kind = kind
		}
		if name, _ := r.text(n.key("name")); name != "" {
			config.Name = name
		}
	}
	return config
}

// partition falls back to the ARN, whose second part is the partition, and to the region.
//
// https://docs.aws.amazon.com/general/latest/gr/rande.html
func (r *reader) partition(root node, s Source, region Text) Text {
	if t := r.first(root, s.Partition...); t.Value != "" {
		return t
	}
	if arn := r.first(root, s.ARN...); strings.HasPrefix(arn.Value, "arn:") {
		p, _, _ := strings.Cut(arn.Value[len("arn:"):], ":")
		return Text{p, arn.Pointer}
	}
	for _, p := range [][2]string{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"},
		{"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"}, {"eusc-", "aws-eusc"}, {"", "aws"},
	} {
		if region.Value != "" && strings.HasPrefix(region.Value, p[0]) {
			return Text{p[1], region.Pointer}
		}
	}
	return Text{}
}

func side(pointer string) Side {
	switch {
	case strings.HasPrefix(pointer, "/spec/initProvider"):
		return InitProvider
	case strings.HasPrefix(pointer, "/spec/forProvider"):
		return ForProvider
	default:
		return Spec
	}
}
