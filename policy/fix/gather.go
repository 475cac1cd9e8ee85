package fix

import (
	"slices"
	"strconv"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// gathered returns the edits with those brought together that add to one place: statements come one after the other, each with
// a Sid of its own, and the members of objects into one object.
func gathered(doc *iam.Document, edits []iam.Edit) []iam.Edit {
	var out []iam.Edit
	at := map[iam.Path]int{} // what is added where, by its number in out
	texts, sids := map[string]bool{}, map[string]bool{}
	for _, s := range doc.Statements {
		sids[s.Sid] = true
	}
	next := len(doc.Statements)
	for _, e := range edits {
		if e.New == nil || doc.Lookup(e.At) != nil {
			out = append(out, e)
			continue
		}
		if n := e.At.Statement(); e.At == iam.Path("Statement").Index(n) {
			if text := e.New.Compact(); !texts[text] {
				texts[text] = true
				out = append(out, iam.Edit{At: iam.Path("Statement").Index(next), New: renamed(e.New, sids)})
				next++
			}
			continue
		}
		i, again := at[e.At]
		if again && out[i].New.Kind == iam.Object && e.New.Kind == iam.Object {
			out[i].New = joined(out[i].New, e.New)
			continue
		}
		at[e.At] = len(out)
		out = append(out, e)
	}
	return out
}

// renamed is a statement with a number behind its Sid where that is taken, and takes it.
func renamed(statement *iam.Value, taken map[string]bool) *iam.Value {
	sid := statement.Member("Sid")
	if sid == nil {
		return statement
	}
	name := sid.Text
	for n := 2; taken[name]; n++ {
		name = sid.Text + strconv.Itoa(n)
	}
	taken[name] = true
	members := slices.Clone(statement.Members)
	for i, m := range members {
		if m.Value == sid {
			members[i].Value = iam.NewString(name)
		}
	}
	return iam.NewObject(members...)
}

// joined is an object with the members of two, and of theirs. Where two values differ it has both, and is refused when it is
// read.
func joined(a, b *iam.Value) *iam.Value {
	members := slices.Clone(a.Members)
	for _, m := range b.Members {
		i := slices.IndexFunc(members, func(had iam.Member) bool { return had.Name == m.Name })
		switch {
		case i < 0 || members[i].Value.Kind != iam.Object && members[i].Value.Compact() != m.Value.Compact():
			members = append(members, m)
		case m.Value.Kind == iam.Object:
			members[i].Value = joined(members[i].Value, m.Value)
		}
	}
	return iam.NewObject(members...)
}
