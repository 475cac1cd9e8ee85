package accesslog

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// counted reads a log and counts what becomes of it. Slices of a record are looked at to their ends.
func counted(t *testing.T, in []byte) (records, malformed, passedOver int, flags Flags) {
	t.Helper()
	last := 0
	err := Read(bytes.NewReader(in), Sink{
		Record: func(r *Record) {
			records++
			flags = r.Flags
			if len(r.Bucket) == 0 || len(r.Caller) == 0 || len(r.Operation) == 0 || r.Key != nil && len(r.Key) == 0 {
				t.Errorf("a record without a name: %+v", r)
			}
			if len(r.Key) > maxKey || len(r.Caller) > maxCaller+len("iam") || len(r.Bucket) > maxName {
				t.Errorf("a name too long: %+v", r)
			}
		},
		Malformed: func(line int, err error) {
			malformed++
			if line < last || err == nil {
				t.Errorf("line %d after line %d: %v", line, last, err)
			}
			last = line
		},
		PassedOver: func() { passedOver++ },
	})
	if err != nil && !bytes.HasPrefix(in, []byte{0x1f, 0x8b}) {
		t.Errorf("an error that no reader gave: %v", err)
	}
	return records, malformed, passedOver, flags
}

// FuzzServerAccessLog wants every line to be a record or malformed, and no referer or user agent, whatever is in it, to
// change what the log says about ACLs.
func FuzzServerAccessLog(f *testing.F) {
	f.Add("-", "a/b", `"x"`, true)
	f.Add("arn:aws:sts::111122223333:assumed-role/r/s", "a", `"a "b" c`+last+` Yes`, false)
	f.Add("x:assumed-role/", "", "\"\r", false)
	f.Add(":sts::assumed-role/a/b", "%%%", "", true)
	f.Fuzz(func(t *testing.T, requester, key, agent string, acl bool) {
		records, malformed, passedOver, _ := counted(t, []byte(line(requester, "REST.GET.OBJECT", key, "200", "-", agent, last)))
		if records+malformed == 0 && passedOver == 0 {
			t.Error("nothing came of a line")
		}
		if strings.ContainsAny(requester+key, " \n") || requester == "" || key == "" || strings.Contains(agent, "\n") ||
			len(requester) > maxCaller || len(key) > maxKey || len(agent) > MaxRecord/2 {
			return
		}
		answer, want := " -", Flags(0)
		if acl {
			answer, want = " Yes", NeededACL
		}
		records, malformed, _, flags := counted(t, []byte(line(requester, "REST.GET.OBJECT", key, "200", "-", `"`+agent+`"`, last+answer)))
		if records != 1 || malformed != 0 || flags != want {
			t.Errorf("%d records, %d malformed, flags %b, want %b", records, malformed, flags, want)
		}
	})
}

// FuzzCloudTrail wants as many records as encoding/json finds in Records.
func FuzzCloudTrail(f *testing.F) {
	f.Add([]byte(`{"Records":[{"eventName":"GetObject"},{}]}`))
	f.Add([]byte(`{"a":[{"Records":[]}],"Records":[{"b":"\"]}\\"}]}`))
	f.Add([]byte("{\"a\":\"\n{}\n[1]{"))
	f.Add([]byte(`{"eventSource":"s3.amazonaws.com","eventName":"PutObject","eventTime":"2019-02-06T00:00:38Z","userIdentity":{"accountId":"anonymous"},"requestParameters":{"bucketName":["b"],"key":"k","x-amz-copy-source":"%"}}`))
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		counted(t, in)
		list, err := json.Marshal([]any{json.RawMessage(`{"a":1}`), map[string]string{"b": string(in)}})
		if err != nil || len(list) > MaxRecord {
			return
		}
		records, malformed, passedOver, _ := counted(t, []byte(`{"Records":`+string(list)+`}`))
		if records != 0 || malformed != 0 || passedOver != 2 {
			t.Errorf("%d records, %d malformed, %d passed over", records, malformed, passedOver)
		}
	})
}
