package review_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// Parts that random policies are made of. The keys have one in each class that the parts tell apart.
var (
	randomParts = []string{"pics/*", "pics/a/*", "pics/b/*", "pics/a/x/*", "pics/b/y"}
	randomKeys  = []string{"pics/a/x/1", "pics/a/2", "pics/b/y", "pics/b/3", "pics/4", "pics/public/5", "pics/in/6", "pics/out/7"}
	randomReads = []string{"s3:GetObject", "s3:GetObjectVersion", "s3:GetObject?ersion"}
	randomWho   = []string{`"*"`, `{"AWS":"*"}`, `{"AWS":"111122223333"}`}
	randomOther = []string{`{"AWS":"999988887777"}`, `{"AWS":"arn:aws:iam::999988887777:role/app"}`, `{"AWS":"111122223333"}`}
	randomIf    = []string{
		"", "", "", `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`, `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`,
		`,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`, `,"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`,
	}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func randomStatement(r *rand.Rand, whom []string) string {
	effect, element, who := "Allow", "Resource", pick(r, whom)
	if r.IntN(3) == 0 {
		effect, who = "Deny", `"*"`
		if r.IntN(3) == 0 {
			element = "NotResource"
		}
	}
	return `{"Effect":"` + effect + `","Principal":` + who + `,"Action":"` + pick(r, randomReads) + `","` + element +
		`":"arn:aws:s3:::` + pick(r, randomParts) + `"` + pick(r, randomIf) + `}`
}

// edited changes a statement, adds one, or takes one away, once or twice.
func edited(r *rand.Rand, whom, statements []string) []string {
	out := slices.Clone(statements)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(out))
		switch r.IntN(3) {
		case 0:
			out[i] = randomStatement(r, whom)
		case 1:
			out = slices.Insert(out, i, randomStatement(r, whom))
		default:
			if len(out) > 1 {
				out = slices.Delete(out, i, i+1)
			}
		}
	}
	return out
}

// randomRequests are those of some callers, by some ways to the bucket: "" for none that is an endpoint.
func randomRequests(callers []string, endpoints ...string) []authz.Request {
	var out []authz.Request
	for _, principal := range callers {
		for _, action := range []string{"s3:GetObject", "s3:GetObjectVersion"} {
			for _, key := range randomKeys {
				for _, tls := range []string{"true", "false"} {
					for _, endpoint := range endpoints {
						q := authz.Request{
							Principal: principal, Action: action, Resource: "arn:aws:s3:::" + key, Context: authz.Context{"aws:SecureTransport": {tls}},
						}
						if endpoint != "" {
							q.Context["aws:SourceVpce"] = []string{endpoint}
						}
						out = append(out, q)
					}
				}
			}
		}
	}
	return out
}

// TestRatchetAgainstRequests compares what is refused of random updates with all requests that tell them apart: no update
// passes by which somebody can do more whom the rule speaks of, and none is refused for it by which nobody can. Of the public,
// who comes by the endpoint that documents name is not anyone, and counts in the second alone.
func TestRatchetAgainstRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	anyone := []string{authz.Anonymous, "arn:aws:iam::555566667777:user/anyone"}
	other := []string{"arn:aws:iam::999988887777:user/u", "arn:aws:sts::999988887777:assumed-role/app/s"}
	for _, tt := range []struct {
		rule        string
		whom, first []string // whom statements allow, and a statement of which each policy has one
		spoken      []authz.Request
	}{
		{"BW201", randomWho, []string{all, readable}, randomRequests(anyone, "", "vpce-9")},
		{"BW401", randomOther, []string{partner, partnerToo}, randomRequests(other, "", "vpce-9", "vpce-1")},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			random, every := rand.New(rand.NewPCG(14, 2)), randomRequests(slices.Concat(anyone, other), "", "vpce-9", "vpce-1")
			r := review.Reviewer{Rules: rulesOf(tt.rule), Level: policy.Restricted, Trust: &public.Trust{Accounts: []string{"111122223333"}}}
			refused, passed := 0, 0
			for range 1500 {
				old := []string{pick(random, tt.first), randomStatement(random, tt.whom), randomStatement(random, tt.whom)}
				before, after := doc(old...), doc(edited(random, tt.whom, old)...)
				v, _, err := r.Update(t.Context(), bucketOf(t, spec(after)), bucketOf(t, spec(before)), &inventory.Index{})
				if err != nil {
					t.Fatal(err)
				}
				shown := newRequest(t, before, after, tt.spoken)
				switch denied := v.Verdict() == review.Deny; {
				case denied && newRequest(t, before, after, every) == nil:
					t.Errorf("refused: %s\n  old %s\n  new %s", v.Denial("Bucket", "pics"), before, after)
				case !denied && shown != nil:
					t.Errorf("admitted, though %v is new\n  old %s\n  new %s", *shown, before, after)
				case denied:
					refused++
				default:
					passed++
				}
			}
			if refused < 250 || passed < 250 {
				t.Errorf("%d refused and %d passed tell little", refused, passed)
			}
		})
	}
}

func rulesOf(id string) []*policy.Rule {
	return slices.DeleteFunc(slices.Clone(rules.All), func(r *policy.Rule) bool { return r.ID != id })
}

// newRequest returns a request that one policy allows and another one did not, nil for none.
func newRequest(t *testing.T, before, after string, requests []authz.Request) *authz.Request {
	t.Helper()
	old, err := iam.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	now, err := iam.Parse(after)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range requests {
		if authz.Decide(now, q).Decision == authz.Allowed && authz.Decide(old, q).Decision != authz.Allowed {
			return &q
		}
	}
	return nil
}
