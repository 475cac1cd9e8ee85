package space

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The vocabulary of a small universe: its documents tell apart no more requests than everyRequest returns, so that trying
// them all is the truth about all requests there are.
var (
	smallPrincipals = []any{"*", map[string]any{"AWS": "111122223333"}, map[string]any{"Service": "cloudtrail.amazonaws.com"},
		map[string]any{"AWS": "arn:aws:iam::111122223333:role/r", "Service": "cloudtrail.amazonaws.com"}}
	smallActions    = []string{"s3:GetObject", "s3:Get*", "s3:*", "*", "s3:PutObject", "s3:ListBucket"}
	smallResources  = []string{"*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b*"}
	smallConditions = []map[string]map[string]any{
		nil, nil, nil,
		{"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, {"Null": {"aws:SourceVpce": "true"}},
		{"StringNotLike": {"aws:SourceVpce": "vpce-1"}, "Null": {"aws:SourceVpce": "false"}}, {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
		{"Bool": {"aws:SecureTransport": "true"}}, {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalOrgID": "o-a"}},
		{"StringEquals": {"aws:PrincipalOrgID": "o-a"}}, {"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}}, {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a"}},
		{"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a", "aws:SourceVpce": "vpce-1"}},
	}
)

// everyRequest returns one request of each class that the documents tell apart.
func everyRequest() []authz.Request {
	resources := map[string][]string{}
	for _, a := range []string{"s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:DeleteObject"} {
		resources[a] = []string{"arn:aws:s3:::b/a", "arn:aws:s3:::b/z", "arn:aws:s3:::bb/z", "arn:aws:s3:::c/z"}
	}
	for _, a := range []string{"s3:ListBucket", "s3:GetBucketAcl", "s3:PutBucketAcl"} {
		resources[a] = []string{"arn:aws:s3:::b", "arn:aws:s3:::bb", "arn:aws:s3:::c"}
	}
	resources["ec2:RunInstances"] = []string{"arn:aws:s3:::b", "arn:aws:s3:::bb", "arn:aws:s3:::b/a", "arn:aws:s3:::b/z", "arn:aws:s3:::c"}
	var out []authz.Request
	for action, all := range resources {
		for _, resource := range all {
			for _, principal := range []string{
				authz.Anonymous, "cloudtrail.amazonaws.com", "config.amazonaws.com", "arn:aws:iam::111122223333:user/u",
				"arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::777788889999:user/u",
			} {
				for _, context := range everyContext(principal) {
					out = append(out, authz.Request{Principal: principal, Action: action, Resource: resource, Context: context})
				}
			}
		}
	}
	return out
}

func everyContext(principal string) []authz.Context {
	organizations := []string{"", "o-a", "o-b"}
	if groupOf(principal) != Strangers|NamedCallers {
		organizations = organizations[:1]
	}
	var out []authz.Context
	for _, secure := range []string{"true", "false"} {
		for _, endpoint := range []string{"", "vpce-1", "vpce-2"} {
			for _, organization := range organizations {
				c := authz.Context{"aws:SecureTransport": {secure}}
				if endpoint != "" {
					c["aws:SourceVpce"] = []string{endpoint}
				}
				if organization != "" {
					c["aws:PrincipalOrgID"] = []string{organization}
				}
				out = append(out, c)
			}
		}
	}
	return out
}

// smallDocument makes a document of up to three statements.
func (g gen) smallDocument() string {
	var statements []any
	for range 1 + g.IntN(3) {
		s := map[string]any{
			"Effect": g.pick("Allow", "Allow", "Deny"), "Principal": smallPrincipals[g.IntN(len(smallPrincipals))],
			g.pick("Action", "Action", "Action", "NotAction"):         g.some(smallActions...),
			g.pick("Resource", "Resource", "Resource", "NotResource"): g.some(smallResources...),
		}
		if c := smallConditions[g.IntN(len(smallConditions))]; c != nil {
			s["Condition"] = c
		}
		statements = append(statements, s)
	}
	raw, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(raw)
}

// TestExhaustive holds every answer about small documents against all requests: the engine has to find a request exactly
// when there is one. -pairs 1600 compares 200 documents with each other.
func TestExhaustive(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	g, requests := gen{rand.New(rand.NewPCG(3, 4))}, everyRequest()
	type judged struct {
		doc     *iam.Document
		results []authz.Result
	}
	docs := make([]judged, max(*pairs/8, 2))
	for i := range docs {
		docs[i].doc = parse(t, g.smallDocument())
		for _, r := range requests {
			docs[i].results = append(docs[i].results, authz.Decide(docs[i].doc, r))
		}
	}
	counts, decisions := map[Answer]int{}, len(docs)*len(requests)
	expect := func(question string, docs []*iam.Document, v Verdict, want func(int) bool) {
		t.Helper()
		counts[v.Answer]++
		truth := None
		for i := range requests {
			if want(i) {
				truth = Found
				break
			}
		}
		if v.Answer != truth {
			t.Errorf("%s: %v, but %v\n%s\n%s %s", question, v.Answer, truth, docs[0].Text(), docs[len(docs)-1].Text(), v.Reason)
		}
		checkProofs(t, v)
	}
	for _, a := range docs {
		for _, b := range docs {
			expect("new access", []*iam.Document{a.doc, b.doc}, NewAccess(a.doc, b.doc, Steps(ample)), func(i int) bool {
				return b.results[i].Decision == authz.Allowed && a.results[i].Decision != authz.Allowed
			})
		}
		for _, callers := range []Callers{AnonymousCallers, Services, Strangers | NamedCallers} {
			expect("access", []*iam.Document{a.doc}, Access(a.doc, callers, Steps(ample)), func(i int) bool {
				return groupOf(requests[i].Principal) == callers && a.results[i].Decision == authz.Allowed
			})
		}
		for s := range a.doc.Statements {
			without, others := withoutStatement(t, a.doc, s), make([]authz.Decision, len(requests))
			for i, r := range requests {
				others[i] = authz.Decide(without, r).Decision
			}
			decisions += len(requests)
			expect("needed", []*iam.Document{a.doc, without}, Needed(a.doc, s, Steps(ample)), func(i int) bool {
				return others[i] != a.results[i].Decision
			})
		}
	}
	if counts[Undecided] > 0 || counts[None] == 0 || counts[Found] == 0 {
		t.Errorf("no variety: %v", counts)
	}
	t.Logf("%d questions, %v; %d requests, %d decisions of the plain evaluator", counts[None]+counts[Found]+counts[Undecided], counts, len(requests), decisions)
}

func withoutStatement(t *testing.T, doc *iam.Document, i int) *iam.Document {
	t.Helper()
	out, err := rewritten(doc, func(statements []any) []any { return append(statements[:i:i], statements[i+1:]...) })
	if err != nil {
		t.Fatal(err)
	}
	return out
}
