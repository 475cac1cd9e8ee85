package usage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/accesslog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

const (
	app    = "arn:aws:iam::111122223333:role/app"
	reader = "arn:aws:iam::111122223333:role/reader"
)

// tallyOf counts requests, each written as "caller operation bucket/key flags" or without flags.
func tallyOf(requests ...string) *Tally {
	t := NewTally()
	for i, text := range requests {
		fields := strings.Fields(text)
		bucket, key, _ := strings.Cut(fields[2], "/")
		r := accesslog.Record{
			Time: int64(i), Caller: []byte(fields[0]), Operation: []byte(fields[1]), Bucket: []byte(bucket), Kinds: accesslog.AllKinds,
		}
		if key != "" {
			r.Key = []byte(key)
		}
		for _, flag := range fields[3:] {
			r.Flags |= map[string]accesslog.Flags{
				"acl": accesslog.NeededACL, "refused": accesslog.Refused, "missing": accesslog.NotFound, "trail": accesslog.FromTrail,
				"version": accesslog.OfVersion, "sets": accesslog.SetsACL,
			}[flag]
			switch flag {
			case "reads":
				r.Kinds = accesslog.ObjectReads
			case "from":
				r.SourceBucket, r.SourceKey = []byte("source"), []byte("in/x")
			}
		}
		t.Add(&r)
	}
	return t
}

func document(t *testing.T, text string) *iam.Document {
	t.Helper()
	doc, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTally(t *testing.T) {
	tests := []struct {
		name     string
		requests []string
		want     string
	}{
		{"a date ends what is stable", []string{"u REST.PUT.OBJECT b/app/2024/05/x", "u REST.PUT.OBJECT b/app/2025/05/y"}, "b/app/ 2"},
		{"what keys have in common", []string{"u REST.PUT.OBJECT b/a/b/c/x", "u REST.PUT.OBJECT b/a/b/d/x", "u REST.PUT.OBJECT b/c/x"}, "b/a/b/ 2, b/c/ 1"},
		{"an account stays, a longer number does not", []string{"u REST.PUT.OBJECT b/AWSLogs/111122223333/x", "u REST.PUT.OBJECT b/id/1111222233334/x"}, "b/AWSLogs/111122223333/ 1, b/id/ 1"},
		{"no folder", []string{"u REST.PUT.OBJECT b/x", "u REST.PUT.OBJECT b/y"}, "b/ 2"},
		{"encoded", []string{"u REST.PUT.OBJECT b/a/b%20c/x", "u REST.PUT.OBJECT b//a/x", "u REST.PUT.OBJECT b/+/x"}, "b/ 2, b/a/ 1"},
		{"a bucket", []string{"u REST.GET.BUCKET b", "u REST.GET.BUCKET b"}, "b 2"},
		{"a copy", []string{"u CopyObject b/to/x trail from"}, "b/to/ 1, source/in/ 1"},
		{"too many folders", folders(30), "b/ 14, b/f1a/ 1, b/f1b/ 1, b/f1c/ 1, b/f1d/ 1, b/f1e/ 1, b/f1f/ 1, b/f1g/ 1, b/f1h/ 1, b/f1i/ 1, b/f1j/ 1, b/f1k/ 1, b/f1l/ 1, b/f1m/ 1, b/f1n/ 1, b/f1o/ 1, b/f1p/ 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, g := range tallyOf(tt.requests...).Groups() {
				name := g.Bucket
				if g.Object {
					name += "/" + g.Prefix
				}
				got = append(got, fmt.Sprint(name, " ", g.Requests))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error("-want +got:\n" + diff)
			}
		})
	}
}

func folders(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("u REST.PUT.OBJECT b/f1%c/x", 'a'+rune(i)))
	}
	return out
}

func TestTallyIsBounded(t *testing.T) {
	tally := NewTally()
	key := []byte(strings.Repeat("k", 40) + "/" + strings.Repeat("x", 900))
	for i := range 3 * MaxDistinct {
		r := accesslog.Record{Caller: fmt.Append(nil, i%(MaxDistinct+7)), Operation: []byte("REST.GET.OBJECT"), Bucket: []byte("b"), Key: key, Flags: accesslog.NeededACL}
		r.Key[i%40] = 'a' + byte(i%26)
		tally.Add(&r)
	}
	if len(tally.families) != MaxDistinct || tally.prefixes > maxPrefixes+MaxDistinct {
		t.Errorf("%d families, %d prefixes", len(tally.families), tally.prefixes)
	}
	if tally.Beyond == 0 || tally.Beyond != tally.BeyondACL || tally.Requests != tally.NeededACL {
		t.Errorf("%d of %d beyond, %d of %d with ACLs", tally.Beyond, tally.Requests, tally.BeyondACL, tally.NeededACL)
	}
	doc := document(t, statement(`"*"`, `"s3:*"`, `"arn:aws:s3:::b/*"`))
	if _, err := tally.Suggest(tally.About(doc)); err == nil || !strings.HasPrefix(err.Error(), "more than 10000 distinct") {
		t.Errorf("got %v", err)
	}
}

func statement(principal, action, resource string) string {
	return fmt.Sprintf(`{"Statement":[{"Effect":"Allow","Principal":%s,"Action":%s,"Resource":%s}]}`, principal, action, resource)
}

func TestSuggest(t *testing.T) {
	both := `{"AWS":["` + app + `","` + reader + `"]}`
	put := app + " REST.PUT.OBJECT b/in/x"
	tests := []struct {
		name, policy string
		requests     []string
		want         string // the policy or the claim or the error, then notes
	}{
		{
			"actions, prefix and principal", statement(both, `["s3:PutObject","s3:DeleteObject"]`, `"arn:aws:s3:::b/*"`), []string{put},
			statement(`{"AWS":["`+app+`"]}`, `["s3:PutObject"]`, `["arn:aws:s3:::b/in/*"]`),
		},
		{
			"an upload may have brought an ACL", statement(`{"AWS":"`+app+`"}`, `["s3:PutObject","s3:PutObjectAcl"]`, `"arn:aws:s3:::b/in/*"`), []string{put},
			statement(`{"AWS":"`+app+`"}`, `["s3:PutObject","s3:PutObjectAcl"]`, `"arn:aws:s3:::b/in/*"`) +
				"\nStatement[0]: s3:PutObjectAcl: kept, because the logs do not show whether a request needed it",
		},
		{
			"CloudTrail shows an ACL", statement(`{"AWS":"`+app+`"}`, `["s3:PutObject","s3:PutObjectAcl"]`, `"arn:aws:s3:::b/*"`),
			[]string{app + " PutObject b/in/x trail sets"},
			statement(`{"AWS":"`+app+`"}`, `["s3:PutObject","s3:PutObjectAcl"]`, `["arn:aws:s3:::b/in/*"]`),
		},
		{
			"a refused request used nothing", statement(both, `"s3:GetObject"`, `"arn:aws:s3:::b/*"`),
			[]string{app + " REST.GET.OBJECT b/in/x refused", reader + " REST.GET.OBJECT b/in/x"},
			statement(`{"AWS":["`+reader+`"]}`, `"s3:GetObject"`, `["arn:aws:s3:::b/in/*"]`),
		},
		{
			"not found says that the bucket may be listed", statement(`"*"`, `["s3:GetObject","s3:ListBucket"]`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`),
			[]string{app + " REST.GET.OBJECT b/in/x missing"},
			statement(`"*"`, `["s3:GetObject","s3:ListBucket"]`, `["arn:aws:s3:::b","arn:aws:s3:::b/in/*"]`) +
				"\nStatement[0]: s3:ListBucket: kept, because the logs do not show whether a request needed it",
		},
		{
			"a suffix stays", statement(`"*"`, `"s3:GetObject"`, `["arn:aws:s3:::b/*.json","arn:aws:s3:::b/out/*"]`),
			[]string{app + " REST.GET.OBJECT b/in/x.json"},
			statement(`"*"`, `"s3:GetObject"`, `["arn:aws:s3:::b/*.json"]`),
		},
		{
			"no log shows it", statement(both, `["s3:GetBucketAbac","s3:GetBucketAcl"]`, `"arn:aws:s3:::b"`), []string{app + " REST.GET.BUCKET b"},
			statement(both, `["s3:GetBucketAbac"]`, `"arn:aws:s3:::b"`) + "\nStatement[0]: s3:GetBucketAbac kept: these logs do not show whether it is used",
		},
		{
			"a trail of reads says nothing of writes", statement(both, `["s3:GetObject","s3:DeleteObject"]`, `"arn:aws:s3:::b/*"`), []string{app + " GetObject b/in/x trail reads"},
			statement(both, `["s3:GetObject","s3:DeleteObject"]`, `"arn:aws:s3:::b/*"`) + "\nStatement[0]: s3:DeleteObject kept: these logs do not show whether it is used",
		},
		{
			"a wildcard, of which a trail shows some", statement(both, `"s3:*Object"`, `"arn:aws:s3:::b/*"`), []string{app + " GetObject b/in/x trail reads"},
			statement(both, `"s3:*Object"`, `"arn:aws:s3:::b/*"`) + "\nStatement[0]: s3:*Object kept: these logs lack some kinds of requests that it includes",
		},
		{
			"an operation that is not known", statement(both, `["s3:GetObject","s3:DeleteObject"]`, `"arn:aws:s3:::b/*"`), []string{app + " REST.GET.NEWS b/in/x"},
			statement(both, `["s3:GetObject","s3:DeleteObject"]`, `"arn:aws:s3:::b/*"`) + "\nStatement[0]: kept: the actions behind REST.GET.NEWS are not known here",
		},
		{
			"an account that may be any of its principals", statement(both, `"s3:GetObject"`, `"arn:aws:s3:::b/*"`), []string{"111122223333 GetObject b/in/x trail"},
			statement(both, `"s3:GetObject"`, `["arn:aws:s3:::b/in/*"]`),
		},
		{
			"a policy variable stays", `{"Version":"2012-10-17",` + statement(`"*"`, `["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/${aws:username}/*"`)[1:], []string{app + " REST.GET.OBJECT b/in/x"},
			`{"Version":"2012-10-17",` + statement(`"*"`, `["s3:GetObject"]`, `"arn:aws:s3:::b/${aws:username}/*"`)[1:],
		},
		{
			"China", statement(`"*"`, `"s3:GetObject"`, `"arn:aws-cn:s3:::b/*"`), []string{"anonymous REST.GET.OBJECT b/in/x"},
			statement(`"*"`, `"s3:GetObject"`, `["arn:aws-cn:s3:::b/in/*"]`),
		},
		{
			"a service", statement(`{"Service":["cloudtrail.amazonaws.com","config.amazonaws.com"],"AWS":"`+app+`"}`, `"s3:PutObject"`, `"arn:aws:s3:::b/*"`),
			[]string{"config.amazonaws.com PutObject b/in/x trail"},
			statement(`{"Service":["config.amazonaws.com"]}`, `"s3:PutObject"`, `["arn:aws:s3:::b/in/*"]`),
		},
		{"nobody", statement(both, `"s3:GetObject"`, `"arn:aws:s3:::b/*"`), []string{"anonymous REST.GET.OBJECT b/in/x"}, "no request used the policy"},
		{"another bucket", statement(both, `"s3:GetObject"`, `"arn:aws:s3:::c/*"`), []string{put}, "error: the logs have no request to a bucket of the policy"},
		{
			"what is said by Not stays", `{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"s3:Put*","Resource":"arn:aws:s3:::b/*"}]}`, []string{put},
			`{"Statement":[{"Effect":"Allow","Principal":"*","NotAction":"s3:Put*","Resource":"arn:aws:s3:::b/*"}]}` + "\nStatement[0]: kept: it says what it does not match",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := document(t, tt.policy)
			tally := tallyOf(tt.requests...)
			got, err := tally.Suggest(tally.About(doc))
			text := ""
			if err != nil {
				text = "error: " + err.Error()
			} else if text = got.Policy; text == "" {
				text = got.Claim
			}
			if err == nil && len(got.Notes) > 0 {
				text += "\n" + strings.Join(got.Notes, "\n")
			}
			text = strings.ReplaceAll(text, `", "`, `","`)
			if diff := cmp.Diff(tt.want, text); diff != "" {
				t.Error("-want +got:\n" + diff)
			}
		})
	}
}

// TestProve wants a policy that is wider, or that a request seen would be lost by, to be refused.
func TestProve(t *testing.T) {
	old := statement(`{"AWS":"`+app+`"}`, `["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/*"`)
	tally := tallyOf(app+" REST.GET.OBJECT b/in/x", app+" REST.PUT.OBJECT b/in/x", "111122223333 GetObject b/out/y trail")
	for narrower, want := range map[string]string{
		old: "",
		statement(`{"AWS":"`+app+`"}`, `["s3:GetObject","s3:PutObject"]`, `["arn:aws:s3:::b/in/*","arn:aws:s3:::b/out/*"]`): "",
		statement(`"*"`, `["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/*"`):                                           "newly allowed",
		statement(`{"AWS":"`+app+`"}`, `"s3:GetObject"`, `"arn:aws:s3:::b/*"`):                                              "a request in the logs would be lost",
		statement(`{"AWS":"`+app+`"}`, `["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/in/*"`):                          "a request like one in the logs would be lost",
		statement(`{"AWS":"`+app+`"}`, `["s3:GetObject","s3:PutObject"]`, `["arn:aws:s3:::b/in/?","arn:aws:s3:::b/out/*"]`): "a request like one in the logs would be lost",
	} {
		_, err := tally.About(document(t, old)).prove(document(t, narrower))
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", narrower, err, want)
		}
	}
}

// TestSuggestAtRandom wants a policy for whatever was asked of whatever granted it: what narrows and what proves that
// know nothing of each other.
func TestSuggestAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	r := rand.New(rand.NewPCG(6, 6))
	some := func(from ...string) string {
		var out []string
		for _, s := range from {
			if r.IntN(2) == 0 {
				out = append(out, `"`+s+`"`)
			}
		}
		if len(out) == 0 {
			out = []string{`"` + from[r.IntN(len(from))] + `"`}
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	one := func(from ...string) string { return from[r.IntN(len(from))] }
	narrowed := 0
	for range 400 {
		var statements, requests []string
		for range 1 + r.IntN(3) {
			statements = append(statements, fmt.Sprintf(`{"Effect":"%s","Principal":%s,"Action":%s,"Resource":%s%s}`, one("Allow", "Allow", "Allow", "Deny"),
				one(`"*"`, `{"AWS":`+some(app, reader, "arn:aws:iam::444455556666:user/u", "111122223333")+`}`, `{"Service":"config.amazonaws.com"}`),
				some("s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "s3:Delete*", "s3:ListBucket", "s3:*"),
				some("arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/in/*", "arn:aws:s3:::b/*/x", "arn:aws:s3:::c/*"),
				one("", "", `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`, `,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`)))
		}
		for range 1 + r.IntN(8) {
			requests = append(requests, fmt.Sprintf("%s %s b%s %s",
				one(app, reader, "anonymous", "111122223333", "config.amazonaws.com", strings.Repeat("ab", 32)),
				one("REST.GET.OBJECT", "REST.PUT.OBJECT", "REST.DELETE.OBJECT", "REST.GET.ACL", "PutObject"),
				one("/in/x", "/in/y/z", "/out/x", "/x"), one("", "missing", "version", "sets")))
		}
		policy := `{"Statement":[` + strings.Join(statements, ",") + `]}`
		tally := tallyOf(requests...)
		got, err := tally.Suggest(tally.About(document(t, policy)))
		if err != nil && err.Error() != "the logs have no request to a bucket of the policy" {
			t.Errorf("%s\n%s: %v", policy, strings.Join(requests, "\n"), err)
		} else if err == nil && got.Policy != policy {
			narrowed++
		}
	}
	if narrowed < 100 {
		t.Errorf("only %d became narrower", narrowed)
	}
}

func TestUsesSum(t *testing.T) {
	tally := tallyOf(app+" REST.GET.OBJECT b/in/x", app+" REST.HEAD.OBJECT b/in/y", app+" REST.GET.OBJECT b/in/z version", app+" S3.EXPIRE.OBJECT b/in/z")
	uses, unknown := Uses(tally.Groups())
	if len(unknown) > 0 {
		t.Errorf("%s is not known", unknown[0].Operation)
	}
	for _, u := range uses {
		if u.Action == "s3:GetObject" && (u.Requests != 3 || !u.Sure || u.First != 0 || u.Last != 2) {
			t.Errorf("got %+v", u)
		}
	}
	if first := time.Unix(tally.First, 0); first.Unix() != 0 || tally.Last != 3 {
		t.Errorf("from %d to %d", tally.First, tally.Last)
	}
}
