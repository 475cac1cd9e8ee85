package report

import (
	"slices"
	"testing"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// TestGeneratedObjects has the object of every profile and kind reviewed, held to the profile that its annotations name. The role is of
// another account than the trail, which is all that there is to warn of.
func TestGeneratedObjects(t *testing.T) {
	like := map[string]string{}
	for _, q := range profiles.Parameters() {
		like[q.Name] = q.Like
	}
	external := []string{"BW401", "BW406", "BW305"}
	for _, p := range profiles.All() {
		values := profiles.Values{"region": like["region"], "account": like["account"]}
		for _, name := range p.Requires {
			values[name] = like[name]
		}
		doc, err := p.Bucket(values)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range ObjectKinds() {
			g := Generated{Kind: kind, Profile: p, Values: values, Policy: doc.Text()}
			text, err := g.YAML()
			if err != nil || g.Check() != nil || len(g.Lacks()) > 0 {
				t.Fatalf("%s %s: %v, %v, lacks %q", p.Name, kind, err, g.Check(), g.Lacks())
			}
			f, err := manifest.Parse("a.yaml", string(text))
			if err != nil || len(f.Items) != 1 {
				t.Fatalf("%s %s: %v in\n%s", p.Name, kind, err, text)
			}
			in := files.Of(f)
			for j := range in.Judge(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}) {
				if len(j.Reading.Documents) != 1 || j.Bucket().Name.Value != "logs" {
					t.Errorf("%s %s: %d policies of bucket %q", p.Name, kind, len(j.Reading.Documents), j.Bucket().Name.Value)
				}
				for _, f := range j.Findings {
					if f.Action > policy.Audit && !slices.Contains(external, f.Rule.ID) || f.Action > policy.Warn {
						t.Errorf("%s %s: %s", p.Name, kind, f.Text())
					}
				}
			}
		}
	}
}
