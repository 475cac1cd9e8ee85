package source

import "strconv"

// features reads the settings that protect what is in a bucket.
func (r *reader) features(root node, fields FeatureFields) Features {
	return Features{
		Versioning: r.feature(root, fields.Versioning, r.enabled),
		AccessLog:  r.feature(root, fields.AccessLog, r.filled),
		Key:        r.feature(root, fields.Key, r.filled),
		ObjectLock: r.feature(root, fields.ObjectLock, func(n node) string {
			if on := r.flag(n); on != nil && *on {
				return enabled
			}
			return ""
		}),
		AbortUploads: r.feature(root, fields.Lifecycle, r.aborts),
	}
}

// enabled is how AWS writes that something is on.
const enabled = "Enabled"

// feature returns the first value at a pointer by which a feature is on.
func (r *reader) feature(root node, pointer string, value func(node) string) *Text {
	if pointer == "" {
		return nil
	}
	out := Text{Pointer: pointer}
	for n := range r.at(root, pointer) {
		for item := range n.items() {
			if v := value(item); v != "" && out.Value == "" {
				out = Text{v, item.pointer}
			}
		}
	}
	return &out
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
	filter := r.object(rule.key("filter"))
	members, _ := filter.value.(map[string]any)
	for name := range members {
		if name != "prefix" && filter.key(name).value != nil {
			return "" // of tags or sizes, which an upload that is not complete does not have
		}
	}
	if r.filled(rule.key("prefix"))+r.filled(filter.key("prefix")) != "" {
		return ""
	}
	days := r.object(rule.key("abortIncompleteMultipartUpload")).key("daysAfterInitiation")
	if days.value == nil {
		return ""
	}
	n, _ := r.integer(days)
	return strconv.FormatInt(n, 10)
}
