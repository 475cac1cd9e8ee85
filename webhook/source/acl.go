package source

import (
	"iter"
	"slices"
	"strings"
)

func (r *reader) acl(root node, canned []string, grants []GrantField) ACL {
	out := ACL{Grants: r.grants(root, grants)}
	for n := range r.at(root, canned...) {
		s, _ := r.text(n)
		// ACK writes every canned ACL that an adopted bucket's grants may have come from; the first is the one it compares.
		s, _, several := strings.Cut(s, "|")
		if s == "" {
			continue
		}
		out.Live = out.Live || several && len(out.Canned) == 0
		out.Canned = append(out.Canned, Setting{Value: s, Pointer: n.pointer, Side: side(n.pointer)})
	}
	return out
}

func (r *reader) grants(root node, fields []GrantField) []Grant {
	var grants []Grant
	for _, f := range fields {
		for n := range r.at(root, f.Pointer) {
			if f.Permission == "" {
				grants = append(grants, r.grantList(n, f.Names)...)
				continue
			}
			header, _ := r.text(n)
			for _, g := range parseGrantees(header) {
				g.Permission, g.Pointer, g.Side = f.Permission, n.pointer, side(n.pointer)
				grants = append(grants, g)
			}
		}
	}
	return grants
}

// usualNames are those of a grant that calls its members as S3's API does.
var usualNames = GrantNames{Grantee: "grantee", ID: "id", URI: "uri", Email: "emailAddress", Permission: "permission"}

func (r *reader) grantList(n node, names GrantNames) []Grant {
	if names == (GrantNames{}) {
		names = usualNames
	}
	var grants []Grant
	for item := range n.items() {
		for g := range r.grantees(item, names) {
			for _, permission := range r.permissions(item, names) {
				grant := Grant{
					Permission: permission,
					ID:         r.first(g, "/"+names.ID).Value,
					URI:        r.first(g, "/"+names.URI).Value,
					Email:      r.first(g, "/"+names.Email).Value,
					Pointer:    item.pointer,
					Side:       side(item.pointer),
				}
				if grant.ID+grant.URI+grant.Email == "" {
					grant.Unknown = "{}"
				}
				grants = append(grants, grant)
			}
		}
	}
	return grants
}

// grantees yields the objects that name the grantees of a grant: an empty one where it names none.
func (r *reader) grantees(grant node, names GrantNames) iter.Seq[node] {
	if names.Grantee == "" {
		return grant.items()
	}
	for n := range r.at(grant, "/"+names.Grantee) {
		return n.items()
	}
	return node{map[string]any{}, grant.pointer}.items()
}

// permissions returns the permissions of a grant: an empty one where it has none.
func (r *reader) permissions(grant node, names GrantNames) []string {
	var out []string
	for n := range r.at(grant, "/"+names.Permission) {
		for item := range n.items() {
			s, _ := r.text(item)
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

// parseGrantees reads the value of an x-amz-grant-* header: type="value" pairs with commas between them, the quotes
// optional. A piece that is none becomes a Grant with Unknown.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
func parseGrantees(header string) []Grant {
	var grants []Grant
	for header = strings.TrimLeft(header, ", \t\r\n"); header != ""; header = strings.TrimLeft(header, ", \t\r\n") {
		end := granteeEnd(header)
		piece := strings.TrimSpace(header[:end])
		header = header[end:]
		key, value, _ := strings.Cut(piece, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		g := Grant{}
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case key == "id" && value != "":
			g.ID = value
		case key == "uri" && value != "":
			g.URI = value
		case key == "emailaddress" && value != "":
			g.Email = value
		default:
			g.Unknown = piece
		}
		grants = append(grants, g)
	}
	return grants
}

// granteeEnd returns the offset of the first comma outside quotes, or the length of s.
func granteeEnd(s string) int {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				return i
			}
		}
	}
	return len(s)
}

// Field is a field of an object that a fix may change by itself.
type Field struct {
	Pointer string
	Value   any
}

// Fields returns the canned ACLs and the switches of Block Public Access that are there, by their paths in lower case.
func (r Reading) Fields() map[string]Field {
	out := map[string]Field{}
	add := func(pointer string, value any) { out[strings.ToLower(FieldPath(pointer))] = Field{pointer, value} }
	for _, s := range slices.Concat(r.ACL.Canned, r.ObjectACL.Canned) {
		add(s.Pointer, s.Value)
	}
	acls := r.Source.PublicAccessBlock.ACLs
	for _, b := range r.PublicAccessBlock {
		for name, on := range map[string]*bool{
			"blockPublic" + acls: b.BlockPublicAcls, "ignorePublic" + acls: b.IgnorePublicAcls,
			"blockPublicPolicy": b.BlockPublicPolicy, "restrictPublicBuckets": b.RestrictPublicBuckets,
		} {
			if on != nil && !b.Absent {
				add(b.Pointer+"/"+name, *on)
			}
		}
	}
	return out
}
