package source

import "strconv"

// features reads the settings that protect what is in a bucket.
func (r *reader) features(root node, fields FeatureFields) Features {
	out := Features{
		Versioning:   r.feature(root, fields.Versioning, r.enabled),
		AccessLog:    r.feature(root, fields.AccessLog, r.reference),
		Key:          r.feature(root, fields.Key, r.reference),
		AbortUploads: r.feature(root, fields.Lifecycle, r.aborts),
	}
	if fields.Locking {
		out.ObjectLock = &Text{enabled, fields.ObjectLock[0]}
	} else if lock := r.feature(root, fields.ObjectLock, r.locked); !fields.Beside || lock.Value != "" {
		out.ObjectLock = lock
	}
	return out
}

// enabled is how AWS writes that something is on.
const enabled = "Enabled"

// feature returns the first value by which a feature is on, at the first of the pointers where there is anything.
func (r *reader) feature(root node, pointers []string, value func(node) string) *Text {
	if len(pointers) == 0 {
		return nil
	}
	for _, pointer := range pointers {
		set := false
		for n := range r.at(root, pointer) {
			for item := range n.items() {
				set = set || item.value != ""
				if v := value(item); v != "" {
					return &Text{v, item.pointer}
				}
			}
		}
		if set {
			return &Text{Pointer: pointer}
		}
	}
	return &Text{Pointer: pointers[0]}
}

func (r *reader) locked(n node) string {
	if on := r.flag(n); on != nil && *on {
		return enabled
	}
	return ""
}

// reference returns a name, or what says whose name it will be.
func (r *reader) reference(n node) string {
	if _, ok := n.value.(map[string]any); !ok {
		return r.filled(n)
	}
	if name := r.filled(n.key("name")); name != "" {
		return "object " + name
	}
	return "a selected object"
}

func (r *reader) filled(n node) string {
	s, _ := r.text(n)
	return s
}

func (r *reader) enabled(n node) string {
	if s, _ := r.text(n); s == enabled {
		return s
	}
	return ""
}

// aborts returns the days after which a lifecycle rule aborts the uploads of the whole bucket that were never completed.
func (r *reader) aborts(rule node) string {
	if rule = r.object(rule); r.enabled(rule.key("status")) == "" {
		return ""
	}
	filter := r.one(rule.key("filter"))
	members, _ := filter.value.(map[string]any)
	for name := range members {
		if name != "prefix" && filter.key(name).value != nil {
			return "" // of tags or sizes, which an upload that is not complete does not have
		}
	}
	if r.filled(rule.key("prefix"))+r.filled(filter.key("prefix")) != "" {
		return ""
	}
	days := r.one(rule.key("abortIncompleteMultipartUpload")).key("daysAfterInitiation")
	if days.value == nil {
		return ""
	}
	n, _ := r.integer(days)
	return strconv.FormatInt(n, 10)
}

// one returns an object that may stand in a list of one.
func (r *reader) one(n node) node {
	for item := range n.items() {
		return r.object(item)
	}
	return node{}
}
