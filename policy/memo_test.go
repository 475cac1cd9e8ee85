package policy_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
)

const two = `{"Statement": [{"Effect": "Allow"}, {"Effect": "Deny"}]}`

// counted is a rule that counts its checks.
func counted(id string, n *int, check func(policy.Input) []policy.Finding) *policy.Rule {
	r := finds(id)
	r.Check = func(in policy.Input) []policy.Finding {
		*n++
		return check(in)
	}
	return r
}

// TestFindingsOnce has three rules ask for the findings of one, which is checked once a Run, and anew about another document.
func TestFindingsOnce(t *testing.T) {
	n := 0
	asked := counted("BW101", &n, func(in policy.Input) []policy.Finding {
		return []policy.Finding{{At: in.Document.Statements[0].Value.Path()}}
	})
	asks := func(id string, about func(policy.Input) policy.Input) *policy.Rule {
		r := finds(id)
		r.Check = func(in policy.Input) []policy.Finding { return about(in).Findings(asked) }
		return r
	}
	same := func(in policy.Input) policy.Input { return in }
	other := func(in policy.Input) policy.Input { return in.With(in.Text) }
	part := func(in policy.Input) policy.Input {
		in.Document = in.Document.With(in.Document.Statements...)
		return in
	}
	for _, tt := range []struct {
		name  string
		about func(policy.Input) policy.Input
		want  int
	}{{"the same", same, 1}, {"another text", other, 3}, {"another document", part, 3}} {
		n = 0
		got := policy.Run([]*policy.Rule{asks("BW201", tt.about), asked, asks("BW202", tt.about)}, policy.NewInput(policy.BucketPolicy, two, policy.Bucket{}))
		if n != tt.want || len(got.Findings) != 3 {
			t.Errorf("%s: %d checks, want %d; %d findings", tt.name, n, tt.want, len(got.Findings))
		}
	}
	in := policy.NewInput(policy.BucketPolicy, two, policy.Bucket{})
	n = 0
	if in.Findings(asked); len(in.Findings(asked)) != 1 || n != 2 {
		t.Errorf("outside of a Run: %d checks, want one each time", n)
	}
}

// TestOnceConcurrent runs one Input many times at once, each with checks that ask many times at once.
func TestOnceConcurrent(t *testing.T) {
	type key struct{}
	r := finds("BW101")
	r.Check = func(in policy.Input) []policy.Finding {
		var all sync.WaitGroup
		asked := make([]string, 8)
		found := 0
		for i := range asked {
			all.Go(func() {
				asked[i] = policy.Once(in, key{}, func() string {
					found++
					return fmt.Sprint(found)
				})
			})
		}
		all.Wait()
		return []policy.Finding{{Message: strings.Join(asked, "")}}
	}
	in := policy.NewInput(policy.BucketPolicy, two, policy.Bucket{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := policy.Run([]*policy.Rule{r}, in).Findings[0].Message; got != "11111111" {
				t.Errorf("found anew: %s", got)
			}
		})
	}
	all.Wait()
}

func TestYields(t *testing.T) {
	second := finds("BW101", policy.Finding{At: "Statement[1]"})
	whole, each, asks := finds("BW201", policy.Finding{}), finds("BW202"), finds("BW203")
	whole.Yields.Document = []*policy.Rule{second}
	each.Yields.Statement = []*policy.Rule{second}
	each.Check = func(in policy.Input) (out []policy.Finding) {
		for _, s := range in.Statements() {
			if at := s.Value.Path(); !in.Yields(at.Field("Effect")) {
				out = append(out, policy.Finding{At: at})
			}
		}
		if in.Yields("Version") || in.Yields("") {
			t.Error("yields where there is no statement")
		}
		return out
	}
	asks.Check = func(in policy.Input) []policy.Finding {
		if in.Yields("Statement[1]") {
			t.Error("yields by another rule's list")
		}
		return in.Findings(each)
	}
	in := policy.NewInput(policy.BucketPolicy, two, policy.Bucket{})
	var got []string
	for _, f := range policy.Run([]*policy.Rule{whole, each, asks}, in).Findings { // second itself is not among them
		got = append(got, f.Rule.ID+" "+string(f.At))
	}
	if want := "BW202 Statement[0], BW203 Statement[0]"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", got, want)
	}
	if in.Yields("Statement[1]") {
		t.Error("yields though no rule is checked")
	}
}
