package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy/aclplan"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/policy/plain"
)

// ACLPlans is the output as JSON.
type ACLPlans struct {
	APIVersion string       `json:"apiVersion"`
	Kind       string       `json:"kind"`
	Buckets    []BucketPlan `json:"buckets"`
}

// NewACLPlans puts the plans of buckets into one output.
func NewACLPlans(plans []BucketPlan) ACLPlans {
	return ACLPlans{"bucketwarden.dev/v1alpha1", "ACLPlan", plans}
}

// BucketPlan is the way out of one bucket's ACLs.
type BucketPlan struct {
	Bucket    string            `json:"bucket"`
	Ownership ownership.Setting `json:"ownership"` // "" when unknown
	aclplan.Plan
	NewPolicy jsontext.Value `json:"policy"` // null where the bucket needs none
}

// Plan makes the plan of one bucket.
func Plan(b *files.ACLInput) BucketPlan {
	p := aclplan.New(b.In)
	out := BucketPlan{Bucket: b.Name, Ownership: b.In.Bucket.Ownership.Value, Plan: p, NewPolicy: jsontext.Value("null")}
	if p.Policy != nil {
		out.NewPolicy = jsontext.Value(p.Policy.Root().Compact())
	}
	return out
}

// WriteACLPlans writes the plans for people.
func WriteACLPlans(w io.Writer, plans []BucketPlan) error {
	var b strings.Builder
	for i, p := range plans {
		if i > 0 {
			b.WriteString("\n")
		}
		p.write(&b)
	}
	if len(plans) == 0 {
		b.WriteString("no bucket has an ACL, or has ACLs on\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p BucketPlan) write(b *strings.Builder) {
	b.WriteString(plain.Line(fmt.Sprintf("bucket %s: Object Ownership %s", p.Bucket, cmp.Or(p.Ownership, "unknown"))) + "\n")
	if len(p.Grants) > 0 {
		table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "\nGRANTED TO\tPERMISSION\tBECOMES\tACTIONS")
		for _, g := range p.Grants {
			Row(table, g.To, g.Permission, string(g.Outcome), strings.Join(g.Actions, " "))
		}
		_ = table.Flush() // into memory
	}
	notes := map[string]bool{}
	for _, g := range p.Grants {
		if note := g.To + ": " + g.Note; g.Note != "" && !notes[note] && g.Outcome != aclplan.Open {
			notes[note] = true
			b.WriteString(wrap("note: "+note, 100))
		}
	}
	for i, step := range p.Steps {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(wrap(fmt.Sprintf("%d. %s", i+1, step), 100))
	}
	for i, open := range p.Open {
		if i == 0 {
			b.WriteString("\nTo decide first:\n")
		}
		b.WriteString(wrap("- "+open, 100))
	}
	if p.Policy == nil {
		return
	}
	fmt.Fprintf(b, "\nThe policy, of %d bytes", p.Size)
	if p.Proof != "" {
		fmt.Fprintf(b, "; proved: %s", plain.Line(p.Proof))
	}
	fmt.Fprintf(b, "; reviewed at level %s: %s\n", p.Review.Level, p.Review.Verdict)
	for _, f := range p.Review.Findings {
		b.WriteString(wrap("- "+f, 100))
	}
	fmt.Fprintf(b, "%s\n", plain.JSON([]byte(p.Policy.Text())))
}
