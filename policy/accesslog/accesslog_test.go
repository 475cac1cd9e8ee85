package accesslog

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
)

const owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"

// line is a record as AWS's page on the format shows it, with some fields of its own.
func line(requester, operation, key, status, code, agent, last string) string {
	return owner + " logs [06/Feb/2019:00:00:38 +0000] 192.0.2.3 " + requester + " 3E57427F3EXAMPLE " + operation + " " + key +
		` "GET /logs?versioning HTTP/1.1" ` + status + " " + code + ` 113 - 7 - "-" ` + agent + " " + last
}

const (
	host   = "s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234="
	access = "SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader logs.s3.us-west-1.amazonaws.com TLSv1.2 -"
	last   = "- " + host + " " + access
)

// read returns what is in a log, a line each.
func read(t *testing.T, in string) string {
	t.Helper()
	var out strings.Builder
	err := Read(strings.NewReader(in), Sink{
		Record: func(r *Record) {
			fmt.Fprintf(&out, "%d %s %s %s key=%s flags=%b kinds=%b", r.Time, r.Caller, r.Operation, r.Bucket, r.Key, r.Flags, r.Kinds)
			if r.SourceBucket != nil {
				fmt.Fprintf(&out, " from %s %s", r.SourceBucket, r.SourceKey)
			}
			out.WriteString("\n")
		},
		Malformed:  func(line int, err error) { fmt.Fprintf(&out, "line %d: %v\n", line, err) },
		PassedOver: func() { out.WriteString("passed over\n") },
	})
	if err != nil {
		fmt.Fprintln(&out, "error:", err)
	}
	return out.String()
}

func TestServerAccessLog(t *testing.T) {
	const agent = `"S3Console/0.4"`
	get := "1549411238 " + owner + " REST.GET.VERSIONING logs key= "
	tests := []struct{ name, in, want string }{
		{"root of the owner, ACL needed", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last+" Yes"), get + "flags=1 kinds=1111\n"},
		{"no ACL needed", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last+" -"), get + "flags=0 kinds=1111\n"},
		{"a region behind it", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last+" Yes us-east-1"), get + "flags=1 kinds=1111\n"},
		{"what AWS may add", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last+" Yes us-east-1 new fields"), get + "flags=1 kinds=1111\n"},
		{"before the field", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last), get + "flags=10 kinds=1111\n"},
		{"before TLS", line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, "-"), get + "flags=10 kinds=1111\n"},
		{"the caller forges the field", line(owner, "REST.GET.VERSIONING", "-", "200", "-", `"x" `+last+` Yes "`, last+" -"), get + "flags=0 kinds=1111\n"},
		{"a quote in the user agent", line(owner, "REST.GET.VERSIONING", "-", "200", "-", `"say "hello" twice"`, last+" Yes"), get + "flags=1 kinds=1111\n"},
		{
			"refused", line("-", "REST.GET.OBJECT", "a/b%2520c", "403", "AccessDenied", agent, last+" -"),
			"1549411238 anonymous REST.GET.OBJECT logs key=a/b%2520c flags=100 kinds=1111\n",
		},
		{
			"archived, which is no refusal", line("-", "REST.GET.OBJECT", "a", "403", "InvalidObjectState", agent, last+" -"),
			"1549411238 anonymous REST.GET.OBJECT logs key=a flags=0 kinds=1111\n",
		},
		{
			"a session, a version, not found", line("arn:aws:sts::111122223333:assumed-role/app/i-1", "REST.HEAD.OBJECT", "a", "404", "NoSuchKey", agent, "3HL4kq "+host+" "+access+" -"),
			"1549411238 arn:aws:iam::111122223333:role/app REST.HEAD.OBJECT logs key=a flags=11000 kinds=1111\n",
		},
		{
			"a copy's source, whose request is not logged",
			owner + " logs [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::111122223333:user/u 3E574 REST.COPY.OBJECT_GET a - 200 - - 13 - - - - - h " + access + " Yes",
			"1549411238 arn:aws:iam::111122223333:user/u REST.COPY.OBJECT_GET logs key=a flags=1 kinds=1111\n",
		},
		{"no line", "\n\r\n", ""},
		{"short", "a b c", "line 1: field 4 of at least 17 is missing\n"},
		{"a day that is none", strings.Replace(line("-", "REST.GET.OBJECT", "a", "200", "-", agent, last), "Feb", "eb/", 1), "line 1: the time \"[06/eb//2019:00:00:38 +0000]\" does not look like \"[06/Feb/2019:00:00:38 +0000]\"\n"},
		{"no status", line("-", "REST.GET.OBJECT", "a", "twohundred", "-", agent, last), "line 1: the request in quotes, or the HTTP status after it, is missing\n"},
		{"no operation", line("-", "GET", "a", "200", "-", agent, last), "line 1: the operation \"GET\" does not look like REST.GET.OBJECT\n"},
		{"a name too long", line("-", "REST.GET.OBJECT", strings.Repeat("k", maxKey+1), "200", "-", agent, last), "line 1: a name is longer than S3 allows\n"},
		{
			"a line too long, and the next", strings.Repeat("x", MaxRecord+70_000) + "\n" + line(owner, "REST.GET.VERSIONING", "-", "200", "-", agent, last+" -"),
			"line 1: longer than 262144 bytes\n" + get + "flags=0 kinds=1111\n",
		},
		{
			"a line longer than the buffer", line(owner, "REST.GET.VERSIONING", "-", "200", "-", `"`+strings.Repeat("x", 70_000)+`"`, last+" Yes") + "\n",
			get + "flags=1 kinds=1111\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, read(t, tt.in)); diff != "" {
				t.Error("-want +got:\n" + diff)
			}
		})
	}
}

// put is a CloudTrail record with some members of its own.
func put(t *testing.T, more string) string {
	t.Helper()
	const base = `{"eventVersion":"1.09","eventSource":"s3.amazonaws.com","eventTime":"2019-02-06T00:00:38Z","eventName":"PutObject","readOnly":false,"managementEvent":false,
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/app/i-1","accountId":"111122223333",
"sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/team/app"}}},
"requestParameters":{"bucketName":"logs","key":"a/b"},"additionalEventData":{"bytesTransferredIn":7}}`
	record := map[string]json.RawMessage{}
	for _, text := range []string{base, "{" + more + "}"} {
		if err := json.Unmarshal([]byte(text), &record); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCloudTrail(t *testing.T) {
	const role = "1549411238 arn:aws:iam::111122223333:role/team/app "
	put := func(more string) string { return put(t, more) }
	one := put("")
	who := func(identity string) string {
		return put(`"userIdentity":` + identity)
	}
	tests := []struct{ name, in, want string }{
		{"one", `{"Records":[` + one + `]}`, role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"spaced, and other members first", `{ "version" : 1 , "Records" : [ ` + one + ` , ` + one + "\n ] }\n", strings.Repeat(role+"PutObject logs key=a/b flags=1000000 kinds=10\n", 2)},
		{"one a line", one + "\n" + one + "\n", strings.Repeat(role+"PutObject logs key=a/b flags=1000000 kinds=10\n", 2)},
		{"a list", "[" + one + "," + one + "]", strings.Repeat(role+"PutObject logs key=a/b flags=1000000 kinds=10\n", 2)},
		{"ACL needed", put(`"additionalEventData":{"aclRequired":"Yes"}`), role + "PutObject logs key=a/b flags=1000001 kinds=10\n"},
		{"ACL sent", put(`"requestParameters":{"bucketName":"logs","key":"a","x-amz-acl":["bucket-owner-full-control"]}`), role + "PutObject logs key=a flags=1100000 kinds=10\n"},
		{"grants sent", put(`"requestParameters":{"bucketName":"logs","key":"a","x-amz-grant-read":"id=1"}`), role + "PutObject logs key=a flags=1100000 kinds=10\n"},
		{"refused", put(`"errorCode":"AccessDenied"`), role + "PutObject logs key=a/b flags=1000100 kinds=10\n"},
		{"a read of a version", put(`"eventName":"GetObject","readOnly":true,"errorCode":"NoSuchKey","requestParameters":{"bucketName":"logs","key":"a","versionId":"v"}`), role + "GetObject logs key=a flags=1011000 kinds=1\n"},
		{"a copy", put(`"eventName":"CopyObject","requestParameters":{"bucketName":"logs","key":"a","x-amz-copy-source":"/from/k%20y?versionId=1"}`), role + "CopyObject logs key=a flags=1000000 kinds=10 from from k y\n"},
		{"configuration", put(`"eventName":"GetBucketAcl","readOnly":true,"managementEvent":true,"requestParameters":{"bucketName":"logs","acl":""}`), role + "GetBucketAcl logs key= flags=1000000 kinds=100\n"},
		{"a service", who(`{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"}`), "1549411238 cloudtrail.amazonaws.com PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"another account", who(`{"type":"AWSAccount","principalId":"AROAX:i-1","accountId":"444455556666"}`), "1549411238 444455556666 PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"nobody", who(`{"type":"AWSAccount","principalId":"","accountId":"anonymous"}`), "1549411238 anonymous PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"no S3", put(`"eventSource":"ec2.amazonaws.com"`), "passed over\n"},
		{"no bucket", put(`"requestParameters":null`), "passed over\n"},
		{"a digest", `{"digestStartTime":"2019","logFiles":[{"a":1}]}`, "passed over\n"},
		{"no time", put(`"eventTime":"0001-01-01T00:00:00Z"`), "line 1: eventName, eventTime or userIdentity is missing\n"},
		{"another type", put(`"eventName":7`), "line 1: eventName is not of type string\n"},
		{"no JSON, and the next", `{"a":}` + "\n" + one, "line 1: not JSON at byte 5 of the record: invalid character '}' at start of value\n" + role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"cut in a string, and the next", `{"a":"b` + "\n" + one, "line 1: the record has no end\n" + role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"cut", one[:300], "line 1: the record has no end\n"},
		{"other text", "[1, 2\n" + one, "line 1: text outside a record\n" + role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"too deep", `{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + "}" + one, "line 1: nested deeper than 64 levels\n" + role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
		{"too long", `{"a":"` + strings.Repeat("x", MaxRecord) + `"}` + one, "line 1: longer than 262144 bytes\n" + role + "PutObject logs key=a/b flags=1000000 kinds=10\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, read(t, tt.in)); diff != "" {
				t.Error("-want +got:\n" + diff)
			}
		})
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCompressed(t *testing.T) {
	plain := line(owner, "REST.GET.VERSIONING", "-", "200", "-", `"x"`, last+" Yes")
	want := read(t, plain+"\n"+plain)
	// Two streams, one behind the other, are one text, as for gzip itself.
	if got := read(t, zipped(t, plain+"\n")+zipped(t, plain)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	cut := zipped(t, plain)
	if got := read(t, cut[:len(cut)-9]); !strings.Contains(got, "error: unexpected EOF") {
		t.Errorf("a cut stream: %q", got)
	}
	if got := read(t, "\x1f\x8bno"); !strings.HasPrefix(got, "error: gzip: ") {
		t.Errorf("no stream: %q", got)
	}
}

// TestActionsExist asks the catalogue about every action that an operation stands for.
func TestActionsExist(t *testing.T) {
	asked := 0
	check := func(operation string, key bool) {
		for _, flags := range []Flags{0, OfVersion, FromTrail | SetsACL} {
			p, ok := Lookup(operation, key, flags)
			if !ok {
				t.Errorf("%s: not known", operation)
			}
			for _, action := range append(p.Needed, p.Perhaps...) {
				asked++
				a, ok := catalog.LookupAction(action)
				if !ok {
					t.Errorf("%s: %s is no action", operation, action)
				} else if object := a.Resources()&catalog.Object != 0; object != p.Object {
					t.Errorf("%s: %s is about an object: %t", operation, action, object)
				}
			}
		}
	}
	for _, o := range onObjects {
		for _, operation := range o.operations {
			check(operation, true)
		}
	}
	for operation := range lists {
		check(operation, false)
	}
	for _, s := range subresources {
		check("REST.GET."+s.logged, false)
	}
	for _, operation := range []string{"REST.PUT.BUCKETPOLICY", "REST.DELETE.BUCKETPOLICY", "REST.DELETE.WEBSITE", "REST.DELETE.CORS", "PutBucketEncryption", "GetBucketLifecycle", "REST.PUT.ACL"} {
		check(operation, false)
	}
	if asked < 100 {
		t.Errorf("only %d actions", asked)
	}
}

func TestLookup(t *testing.T) {
	tests := []struct {
		operation string
		key       bool
		flags     Flags
		want      string
	}{
		{"REST.GET.OBJECT", true, 0, "[s3:GetObject] [s3:GetObjectVersionForReplication] true"},
		{"REST.GET.OBJECT", true, OfVersion, "[s3:GetObject] [s3:GetObjectVersionForReplication s3:GetObjectVersion] true"},
		{"REST.GET.ACL", true, 0, "[s3:GetObjectAcl] [] true"},
		{"REST.GET.ACL", false, 0, "[s3:GetBucketAcl] [] true"},
		{"REST.DELETE.LIFECYCLE", false, 0, "[s3:PutLifecycleConfiguration] [] true"},
		{"REST.DELETE.BUCKETPOLICY", false, 0, "[s3:DeleteBucketPolicy] [] true"},
		{"S3.EXPIRE.OBJECT", true, 0, "[] [] true"},
		{"REST.POST.MULTI_OBJECT_DELETE", false, 0, "[] [] true"},
		{"REST.GET.NEWS", true, 0, "[] [] false"},
		{"REST.GET.TAGGING", true, 0, "[] [] false"},
	}
	for _, tt := range tests {
		p, ok := Lookup(tt.operation, tt.key, tt.flags)
		if got := fmt.Sprint(p.Needed, p.Perhaps, ok); ok && got != tt.want || !ok && !strings.HasSuffix(tt.want, "false") {
			t.Errorf("%s: got %s, want %s", tt.operation, got, tt.want)
		}
	}
	// No log is known to show every ACL that an upload brings.
	for flags, want := range map[Flags]string{0: "perhaps", FromTrail: "perhaps", FromTrail | SetsACL: "needed"} {
		p, _ := Lookup("PutObject", true, flags)
		got := "no"
		if strings.Contains(fmt.Sprint(p.Perhaps), uploadsACL) {
			got = "perhaps"
		}
		if strings.Contains(fmt.Sprint(p.Needed), uploadsACL) {
			got = "needed"
		}
		if got != want {
			t.Errorf("flags %b: s3:%s: %s, want %s", flags, uploadsACL, got, want)
		}
	}
	if !Shown("s3:putobjectacl") || !Shown("s3:DeleteBucketPolicy") || Shown("s3:ReplicateObject") || Shown("s3:GetBucketAbac") {
		t.Error("Shown is wrong about an action")
	}
}
