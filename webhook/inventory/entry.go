package inventory

import (
	"bytes"
	"encoding/json"
	"unique"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Entry is one object as the Index keeps it: what is asked for often in fields, and all of it as packed text, of which
// the maps would take many times as much.
type Entry struct {
	key         Key
	name        source.BucketName
	labels      map[string]string // of a Bucket alone: only those are selected
	by          maker
	selects     string             // what its selector asks for: equal texts choose the same Bucket; "" without a selector
	logs        *source.BucketName // where it grants access to server access logs, the bucket that they are written to
	credentials unique.Handle[Key]
	says        unique.Handle[said]
	packed      string // JSON of what source.Trim leaves, but for the next two, which nobody judges; "" when it cannot be read
	version     string
	generation  int64
}

// NewEntry packs an object as it is stored in a cluster.
func NewEntry(obj map[string]any) *Entry {
	e := &Entry{key: KeyOf(obj)}
	reading, ok, err := source.Read(obj)
	if !ok || err != nil || e.key.Name == "" {
		return e
	}
	kept := source.Trim(obj)
	meta, _ := kept["metadata"].(map[string]any)
	e.version, _ = meta["resourceVersion"].(string)
	e.generation, _ = meta["generation"].(int64)
	delete(meta, "resourceVersion")
	delete(meta, "generation")
	if text := encode(kept); text != "" {
		e.packed = pack(text)
	}
	e.name, e.by = reading.Name, makerOf(reading.Owner)
	e.credentials, e.says = unique.Make(credentials(e.key, reading)), unique.Make(saying(reading))
	if isBucket(e.key.GroupKind) {
		e.labels = reading.Labels
	}
	if len(reading.LogACL.Grants) > 0 {
		target := reading.LogTarget // alone, without the rest of the reading
		e.logs = &target
	}
	e.selects = e.selection()
	return e
}

// selection is e.selects.
func (e *Entry) selection() string {
	if e.name.Selector == nil {
		return ""
	}
	s := *e.name.Selector
	s.Pointer, s.Always = "", false
	by := e.by
	if !s.MatchControllerRef {
		by = maker{}
	}
	return encode([]any{target(e.key, source.Ref{Namespace: s.Namespace}), s, by.Controller, by.Composite})
}

// maker is what made an object: its controller, or the composite that its label names before Crossplane has noted the controller.
type maker struct {
	Controller *source.Controller
	Composite  string // "" where there is a controller
}

func makerOf(o source.Owner) maker {
	if o.Controller != nil {
		return maker{Controller: o.Controller}
	}
	return maker{Composite: o.Composite}
}

// same reports whether one thing made both.
func (m maker) same(other maker) bool {
	if m.Controller == nil || other.Controller == nil {
		return m.Controller == other.Controller && m.Composite != "" && m.Composite == other.Composite
	}
	return *m.Controller == *other.Controller
}

// probe is an object that is asked about, and not kept.
func probe(obj map[string]any, r source.Reading) *Entry {
	e := &Entry{key: KeyOf(obj), name: r.Name, by: makerOf(r.Owner)}
	e.selects = e.selection()
	return e
}

// logging is an object that asks about the bucket which server access logs are written to. It is not kept.
func (e *Entry) logging() *Entry {
	asked := &Entry{key: e.key, name: *e.logs, by: e.by}
	asked.key.Kind = "" // the object may be a Bucket, and this is about another one
	asked.selects = asked.selection()
	return asked
}

// object returns the object again, as source.Trim left it.
func (e *Entry) object() map[string]any {
	var obj map[string]any
	_ = utiljson.Unmarshal(unpack(e.packed), &obj) // it is our own
	meta, _ := obj["metadata"].(map[string]any)
	if e.version != "" {
		meta["resourceVersion"] = e.version
	}
	if e.generation != 0 {
		meta["generation"] = e.generation
	}
	return obj
}

// facts returns what those beside e are told.
func (e *Entry) facts() [10]string {
	says, by := e.says.Value(), ""
	if key := e.credentials.Value(); !says.silent && key.Name != "" {
		by = key.Group + " " + key.String()
	}
	is := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	return [...]string{
		says.ownership, says.owner, says.region, says.partition, says.block, says.acl, says.features, is(says.policy), is(says.makes), by,
	}
}

// Key names the object.
func (e *Entry) Key() Key { return e.key }

// GetObjectMeta makes an Entry an object that an informer can store.
func (e *Entry) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: e.key.Namespace, Name: e.key.Name, ResourceVersion: e.version}
}

// encode returns the JSON of a value, the same for equal values.
func encode(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "" // no value of JSON, which the API server gives nobody
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// decode returns what encode was given.
func decode[T any](text string) (v T) {
	_ = utiljson.Unmarshal([]byte(text), &v) // it is our own
	return v
}
