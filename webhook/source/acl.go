package source

import (
	"slices"
	"strings"
)

func (r *reader) acl(root node, k kind) ACL {
	out := ACL{Grants: r.grants(root, k.Grants)}
	for n := range r.at(root, k.ACL...) {
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
				grants = append(grants, r.grantList(n)...)
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

func (r *reader) grantList(n node) []Grant {
	var grants []Grant
	for item := range n.items() {
		grantees := slices.Collect(r.at(item, "/grantee"))
		if len(grantees) == 0 {
			grantees = []node{{map[string]any{}, item.pointer}}
		}
		for _, grantee := range grantees {
			for g := range grantee.items() {
				grant := Grant{
					Permission: r.first(item, "/permission").Value,
					ID:         r.first(g, "/id").Value,
					URI:        r.first(g, "/uri").Value,
					Email:      r.first(g, "/emailAddress").Value,
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
	for _, s := range r.ACL.Canned {
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
